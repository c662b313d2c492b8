"""Values as people read them."""

from typing import Any

import pytest

from spanscore.cli._format import (
    duration,
    error_lines,
    iso,
    moment,
    one_line,
    percent,
    points,
    preview,
    printable,
)

pytestmark = pytest.mark.core


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0.00 µs"),
        (0.0000123, "12.3 µs"),
        (0.000999, "999 µs"),
        (0.001, "1.00 ms"),
        (0.25, "250 ms"),
        (1, "1.00 s"),
        (59.9, "59.9 s"),
        (60, "1 min 0 s"),
        (3725, "62 min 5 s"),
    ],
)
def test_duration(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.usefixtures("kathmandu")
def test_times() -> None:
    assert iso(1_767_268_800_123_456_789) == "2026-01-01T12:00:00.123456Z"
    assert moment(1_767_268_800_123_456_789) == "2026-01-01 17:45:00"


def test_percent_and_points() -> None:
    assert [percent(0.61235), percent(1), percent(None)] == ["61.23 %", "100.00 %", "-"]
    assert [points(0.0407), points(-0.5), points(0)] == ["+4.07", "-50.00", "+0.00"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("two\n  lines\t", "two lines"),
        ({"latitude": 42.5}, '{"latitude":42.5}'),
        (0, "0"),
        (False, "false"),
        ("\x1b[31mred\x07", "\N{REPLACEMENT CHARACTER}[31mred\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_preview(value: Any, text: str) -> None:
    assert preview(value) == text


def test_a_preview_of_something_large_is_short() -> None:
    assert len(preview("x" * 1_000_000)) <= 2000
    assert len(preview(["x"] * 1_000_000)) <= 2000


def test_what_was_recorded_cannot_steer_the_terminal() -> None:
    assert printable("  a\x1b]0;title\x07b") == "  a�]0;title�b"
    assert one_line("a\r\nb\x00") == "a b�"


@pytest.mark.parametrize(
    ("error", "lines"),
    [
        ("KeyError: 'a'\n\n  File x", ["KeyError: 'a'", "", "  File x"]),
        ({"message": "no"}, ['{"message":"no"}']),
        ("", [""]),
    ],
)
def test_error_lines(error: Any, lines: list[str]) -> None:
    assert error_lines(error) == lines
