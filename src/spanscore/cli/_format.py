"""Values as people read them."""

from datetime import datetime, timezone
from typing import Any

from spanscore._json import to_json

_PREVIEW_BYTES = 2000


def percent(share: float | None) -> str:
    """A share in 0..1 as in "61.24 %"; a dash for None."""
    return "-" if share is None else f"{100 * share:.2f} %"


def points(difference: float) -> str:
    """A difference of shares in percentage points, as in "+4.07"."""
    return f"{100 * difference:+.2f}"


def duration(seconds: float) -> str:
    """A time with three figures and the unit that suits it.

    >>> [duration(seconds) for seconds in (0.0000042, 0.0123, 2.5, 75)]
    ['4.20 µs', '12.3 ms', '2.50 s', '1 min 15 s']
    """
    if seconds < 0.001:
        return f"{_three_figures(seconds * 1e6)} µs"
    if seconds < 1:
        return f"{_three_figures(seconds * 1e3)} ms"
    if seconds < 60:
        return f"{_three_figures(seconds)} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def _three_figures(value: float) -> str:
    return f"{value:.{2 if value < 10 else 1 if value < 100 else 0}f}"


def size(count: int) -> str:
    """A number of bytes with three figures.

    >>> [size(count) for count in (0, 532, 8_400_000, 1 << 30)]
    ['0 B', '532 B', '8.01 MiB', '1.00 GiB']
    """
    value, unit = float(count), "B"
    for larger in ("KiB", "MiB", "GiB", "TiB"):
        if value < 1024:
            break
        value, unit = value / 1024, larger
    return f"{count} B" if unit == "B" else f"{_three_figures(value)} {unit}"


def moment(time_ns: int) -> str:
    """A Unix time in nanoseconds in the local time zone, to the second."""
    return _utc(time_ns).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def iso(time_ns: int) -> str:
    """A Unix time in nanoseconds as ISO 8601 in UTC, as rows have it.

    >>> iso(1_500_000_000)
    '1970-01-01T00:00:01.500000Z'
    """
    return _utc(time_ns).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _utc(time_ns: int) -> datetime:
    seconds, rest = divmod(time_ns, 1_000_000_000)
    return datetime.fromtimestamp(seconds, timezone.utc).replace(microsecond=rest // 1000)


def printable(text: str) -> str:
    """Text with its control characters replaced: what was recorded must not steer the terminal."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)


def one_line(text: str) -> str:
    """Text on one line, with single spaces and nothing but printable characters."""
    return printable(" ".join(text.split()))


def preview(value: Any) -> str:
    """The beginning of a value on one line: text as it is, everything else as JSON; empty for None."""
    if value is None:
        return ""
    return one_line(
        value[:_PREVIEW_BYTES]
        if isinstance(value, str)
        else to_json(value, max_bytes=_PREVIEW_BYTES, redact=False)
    )


def error_lines(error: Any) -> list[str]:
    """A row's error as lines, the first of which says what it is; the others are its traceback."""
    text = error if isinstance(error, str) else preview(error)
    return [printable(line) for line in text.splitlines()] or [""]
