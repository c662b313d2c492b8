"""How close a number is to the one that is expected."""

import math
from dataclasses import dataclass
from typing import Any

from spanscore.errors import ConfigError, ScoreError
from spanscore.scoring._score import Score
from spanscore.scoring._shown import shown


@dataclass(frozen=True, slots=True, kw_only=True)
class NumericCloseness:
    """1 within the tolerance of the expected number, less and less beyond it, down to 0.

    `absolute` is in the number's own unit, `relative` a share of the expected number; the wider of both
    holds. Beyond it the score falls with the distance, measured against the size of both numbers; with
    `graded` False it is 0 there. Texts that read as a number count as that number, `"1,250.5 "` too. An
    output that is no number, or NaN, scores 0; what is expected has to be one, else ScoreError.

    >>> NumericCloseness(relative=0.05)(103, 100).score
    1.0
    >>> NumericCloseness()(3, 1).score
    0.5
    >>> NumericCloseness(absolute=0.1, graded=False)("2.5", 2).score
    0.0
    """

    absolute: float = 0.0
    relative: float = 0.0
    graded: bool = True
    name: str = "numeric_closeness"

    def __post_init__(self) -> None:
        for field in ("absolute", "relative"):
            value = getattr(self, field)
            if _number(value) is None or not 0 <= value < math.inf:
                raise ConfigError(f"{field} is {value!r}; give a number from 0, such as 0.01")

    def __call__(self, output: Any, expected: Any) -> Score:
        """The score of one output."""
        wanted = _number(expected)
        if wanted is None or math.isnan(wanted):
            raise ScoreError(f"{self.name} compares numbers, and the case expects {shown(expected)}")
        found = _number(output)
        if found is None or math.isnan(found):
            return Score(self.name, 0.0, {"why": f"{shown(output)} is no number"})
        return Score(self.name, self._closeness(found, wanted))

    def _closeness(self, found: float, wanted: float) -> float:
        if found == wanted:
            return 1.0
        distance = abs(found - wanted)
        if not math.isfinite(distance):
            return 0.0
        beyond = distance - max(self.absolute, self.relative * abs(wanted))
        if beyond <= 0:
            return 1.0
        return max(0.0, 1 - beyond / (abs(found) + abs(wanted))) if self.graded else 0.0


def _number(value: Any) -> float | None:
    if isinstance(value, str):
        value = value.strip().replace(",", "")
    elif isinstance(value, bool) or not hasattr(value, "__float__"):
        return None
    try:
        return float(value)
    except (ValueError, TypeError, OverflowError):
        return None
