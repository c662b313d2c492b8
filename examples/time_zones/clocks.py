"""What both evals share: the cases, the sun's time, and the two scorers."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from spanscore import traced

PLACES = Path(__file__).with_name("places.jsonl")


def places() -> Iterator[dict[str, Any]]:
    """The cases: where a place is, and the hours its clock is ahead of UTC."""
    with PLACES.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


@traced
def hours_from_greenwich(longitude: float) -> float:
    """Hours ahead of UTC that a ship's clock would show at a longitude."""
    return round(longitude / 15)


def exact(output: float, expected: float) -> bool:
    """Whether the answer is right to the minute."""
    return output == expected


def closeness(output: float, expected: float) -> float:
    """1 for the right answer, a third less for every hour it is off, 0 from three hours on."""
    return max(0.0, 1 - abs(output - expected) / 3)
