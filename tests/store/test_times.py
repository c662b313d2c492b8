"""Moments as texts."""

import pytest

from spanscore.store._times import iso

pytestmark = pytest.mark.core


@pytest.mark.parametrize(
    ("time_ns", "text"),
    [
        (0, "1970-01-01T00:00:00.000000Z"),
        (1_700_000_000_123_456_789, "2023-11-14T22:13:20.123456Z"),
    ],
)
def test_a_moment_has_microseconds_and_says_that_it_is_utc(time_ns: int, text: str) -> None:
    assert iso(time_ns) == text
