"""How the number of cases at once follows what providers answer; on a clock that stands still."""

from email.utils import formatdate
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore.evals._pressure import Pressure, retry_after_s

pytestmark = pytest.mark.core


class Clock:
    """Seconds of the wall and of the processor, moved by hand."""

    def __init__(self) -> None:
        self.wall = self.processor = 1000.0

    def pressure(self, **options: Any) -> Pressure:
        return Pressure(now=lambda: self.wall, processor=lambda: self.processor, **options)

    def window(self, pressure: Pressure, *, busy: float = 0.1, is_full: bool = True) -> None:
        """As many cases as may run end after a second each."""
        for _ in range(pressure.allowed):
            self.wall += 1
            self.processor += busy
            pressure.ended(is_full=is_full)


def test_it_doubles_while_cases_wait_up_to_the_cap() -> None:
    clock = Clock()
    pressure = clock.pressure()
    seen: list[int] = []
    for _ in range(6):
        seen.append(pressure.allowed)
        clock.window(pressure)
    assert seen == [10, 20, 40, 80, 100, 100]


def test_it_stays_where_cases_compute_or_are_too_few() -> None:
    clock = Clock()
    pressure = clock.pressure()
    clock.window(pressure, busy=0.9)
    clock.window(pressure, is_full=False)
    assert pressure.allowed == 10


@pytest.mark.parametrize("status", [429, 503, 529])
def test_a_refusal_takes_a_fifth_off_once_a_second(status: int) -> None:
    clock = Clock()
    pressure = clock.pressure(start=50)
    for _ in range(5):
        pressure.told(status, {})
    assert pressure.allowed == 40
    clock.wall += 1
    pressure.told(status, {})
    assert pressure.allowed == 32


@pytest.mark.parametrize("status", [200, 400, 401, 404, 500, None])
def test_other_answers_take_nothing_off(status: int | None) -> None:
    pressure = Clock().pressure()
    pressure.told(status, {"retry-after": "5"})
    assert (pressure.allowed, pressure.held_s) == (10, 0.0)


def test_after_a_refusal_it_rises_slowly() -> None:
    clock = Clock()
    pressure = clock.pressure(start=50)
    pressure.told(429, {})
    clock.window(pressure)
    assert pressure.allowed == 40
    clock.window(pressure)
    clock.window(pressure)
    assert pressure.allowed == 44


def test_nothing_begins_for_as_long_as_the_provider_asks_for() -> None:
    clock = Clock()
    pressure = clock.pressure()
    pressure.told(429, {"retry-after": "3"})
    pressure.told(429, {"retry-after": "5"})
    assert (pressure.held_s, pressure.allowed) == (5.0, 8)
    clock.wall += 5
    assert pressure.held_s == 0.0


def test_nobody_can_stop_an_eval_for_longer_than_a_minute() -> None:
    pressure = Clock().pressure()
    pressure.told(429, {"retry-after": "86400"})
    assert pressure.held_s == 60.0


def test_it_does_not_rise_while_a_provider_says_that_nothing_is_left() -> None:
    clock = Clock()
    pressure = clock.pressure()
    pressure.told(200, {"x-ratelimit-remaining-requests": "0"})
    clock.window(pressure)
    assert pressure.allowed == 10
    clock.window(pressure)
    assert pressure.allowed == 20


EVENTS = st.one_of(
    st.tuples(st.just("told"), st.sampled_from([200, 429, 503, None])),
    st.tuples(st.just("ended"), st.booleans()),
    st.tuples(st.just("wait"), st.floats(0, 10)),
)


@given(st.lists(EVENTS, max_size=200))
def test_it_always_lets_one_run_and_never_more_than_the_cap(events: list[tuple[str, Any]]) -> None:
    clock = Clock()
    pressure = clock.pressure(cap=30)
    for kind, value in events:
        if kind == "told":
            pressure.told(value, {})
        elif kind == "ended":
            pressure.ended(is_full=value)
        else:
            clock.wall += value
        assert 1 <= pressure.allowed <= 30


WAITS: dict[str, tuple[dict[str, str], float]] = {
    "nothing": ({}, 0.0),
    "seconds": ({"retry-after": "2"}, 2.0),
    "milliseconds": ({"retry-after-ms": "250", "retry-after": "2"}, 0.25),
    "a date": ({"retry-after": formatdate(1_000_030, usegmt=True)}, 30.0),
    "a date that has passed": ({"retry-after": formatdate(999_000, usegmt=True)}, 0.0),
    "a negative number": ({"retry-after": "-1"}, 0.0),
    "nonsense": ({"retry-after": "soon"}, 0.0),
}


@pytest.mark.parametrize("name", WAITS)
def test_retry_after_is_read_in_all_its_forms(name: str) -> None:
    headers, expected = WAITS[name]
    assert retry_after_s(headers, now=lambda: 1_000_000.0) == expected
