"""Make `places.jsonl` from the tz database: every place of its table `zone.tab`, and the clock it keeps.

Run as `python make_places.py /usr/share/zoneinfo/zone.tab > places.jsonl`.
"""

import json
import re
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

YEAR = 2025
COORDINATES = re.compile(r"([+-])(\d\d)(\d\d)(\d\d)?([+-])(\d{3})(\d\d)(\d\d)?")
"""ISO 6709, as in +4230+00131 or, with seconds, +404251-0740023."""


def degrees(sign: str, whole: str, minutes: str, seconds: str | None) -> float:
    """Degrees as one number; two decimals are a kilometre."""
    value = int(whole) + int(minutes) / 60 + int(seconds or 0) / 3600
    return round(-value if sign == "-" else value, 2)


def standard_offset(zone: str) -> float:
    """Hours ahead of UTC outside daylight saving time: the smaller offset of January's and July's."""
    days = [datetime(YEAR, month, 1, tzinfo=timezone.utc).astimezone(ZoneInfo(zone)) for month in (1, 7)]
    return min((day.utcoffset() or timedelta()).total_seconds() / 3600 for day in days)


def case(line: str) -> dict[str, Any]:
    """One case of the data set from one line of `zone.tab`."""
    country, coordinates, zone = line.rstrip("\n").split("\t")[:3]
    match = COORDINATES.fullmatch(coordinates)
    if match is None:
        raise ValueError(f"{zone} has coordinates {coordinates!r}, which are not ISO 6709")
    parts = match.groups()
    return {
        "input": {"latitude": degrees(*parts[:4]), "longitude": degrees(*parts[4:])},
        "expected": standard_offset(zone),
        "metadata": {"zone": zone, "country": country},
        "tags": [zone.split("/")[0].lower()],
    }


def main() -> None:
    """Print the data set, in the table's order."""
    with Path(sys.argv[1]).open(encoding="ascii") as table:
        for line in table:
            if not line.startswith("#"):
                json.dump(case(line), sys.stdout)
                print()


if __name__ == "__main__":
    main()
