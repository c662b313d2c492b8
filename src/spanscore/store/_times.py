"""Moments as texts."""

from datetime import datetime, timezone
from typing import Final

_NS: Final = 1_000_000_000


def iso(time_ns: int) -> str:
    """A Unix time in nanoseconds as ISO 8601 in UTC, as rows have it.

    >>> iso(1_500_000_000)
    '1970-01-01T00:00:01.500000Z'
    """
    seconds, rest = divmod(time_ns, _NS)
    moment = datetime.fromtimestamp(seconds, timezone.utc).replace(microsecond=rest // 1000)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
