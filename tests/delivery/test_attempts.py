"""Attempts: again and again, in halves, one by one, until the fate of each record is known."""

import logging
from collections import Counter
from collections.abc import Sequence

import pytest

from shelf import Shelf, number_of, raising, update
from spanscore.delivery import _attempts as module
from spanscore.delivery._attempts import Attempts, StoppedError, Tally
from spanscore.errors import (
    RejectedError,
    RetryLaterError,
    StoreBusyError,
    TooLargeError,
    UnauthorizedError,
)
from spanscore.wire.records import Record
from spanscore.wire.seams import Receipt

pytestmark = pytest.mark.core


class Run:
    """Attempts at one shelf, whose waits are noted down and not waited for."""

    def __init__(self, shelf: Shelf, most_waits: int = 1000) -> None:
        self.waits: list[tuple[float, bool]] = []
        self.rejected: list[tuple[int, str]] = []
        self.most_waits = most_waits
        self.attempts = Attempts(shelf, wait=self._wait, reject=self._reject)

    def deliver(self, *numbers: int) -> Tally:
        return self.attempts.deliver([update(number) for number in numbers])

    def _wait(self, seconds: float, *, is_asked: bool) -> None:
        self.waits.append((seconds, is_asked))
        if len(self.waits) > self.most_waits:
            raise StoppedError

    def _reject(self, record: Record, reason: str) -> None:
        self.rejected.append((number_of(record), reason))


def messages(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    return [(record.levelname, record.getMessage()) for record in caplog.records]


def test_what_is_taken_at_once_is_delivered() -> None:
    run = Run(shelf := Shelf())
    assert run.deliver(1, 2) == Tally(2)
    assert (shelf.batches, run.waits) == ([[1, 2]], [])


@pytest.mark.parametrize("error", [RetryLaterError("down"), StoreBusyError("locked")], ids=str)
def test_it_is_tried_for_ever_with_longer_and_longer_waits(error: Exception) -> None:
    run = Run(shelf := Shelf(before=raising(*[error] * 100)))
    assert run.deliver(1) == Tally(1)
    assert shelf.attempts == 101
    assert all(15 <= seconds <= 30 for seconds, _ in run.waits[7:])
    assert run.waits[0][0] <= 0.5
    assert not any(is_asked for _, is_asked in run.waits)


@pytest.mark.parametrize("after_s", [0.0, 7.0, 86_400.0])
def test_the_time_that_a_destination_asks_for_is_given_whatever_its_length(after_s: float) -> None:
    run = Run(Shelf(before=raising(RetryLaterError("busy", after_s=after_s))))
    assert run.deliver(1) == Tally(1)
    assert run.waits == [(after_s, True)]


def test_refused_key_pauses_longer_and_then_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    run = Run(shelf := Shelf("braintrust:x", raising(*[UnauthorizedError("no such key")] * 9)))
    assert run.deliver(1) == Tally(1)
    assert shelf.taken == [1]
    assert 2.5 <= run.waits[0][0] <= 5
    assert 150 <= run.waits[-1][0] <= 300
    assert messages(caplog) == [
        ("ERROR", "braintrust:x does not take spans now; they are kept and sent later: no such key")
    ]


@pytest.mark.parametrize(
    "error", [TooLargeError("413"), RejectedError("400"), ZeroDivisionError("bug")], ids=str
)
def test_one_poison_record_costs_no_other(error: Exception) -> None:
    def poisoned(records: Sequence[Record]) -> None:
        if any(number_of(record) == 37 for record in records):
            raise error

    run = Run(shelf := Shelf(before=poisoned))
    tally = run.deliver(*range(100))
    assert (tally.delivered, tally.lost) == (99, Counter(rejected=1))
    assert shelf.taken == [number for number in range(100) if number != 37]
    assert run.rejected == [(37, f"{type(error).__name__}: {error}")]
    assert shelf.attempts <= 20


def test_what_is_too_large_together_goes_in_smaller_portions() -> None:
    def at_most_three(records: Sequence[Record]) -> None:
        if len(records) > 3:
            raise TooLargeError("413")

    run = Run(shelf := Shelf(before=at_most_three))
    assert run.deliver(*range(10)) == Tally(10)
    assert shelf.taken == list(range(10))


def test_half_that_is_busy_is_tried_again_alone() -> None:
    run = Run(shelf := Shelf(before=raising(RejectedError("400"), RetryLaterError("down"))))
    assert run.deliver(1, 2, 3, 4) == Tally(4)
    assert shelf.batches == [[1, 2], [3, 4]]


def test_what_was_told_before_a_stop_is_not_known() -> None:
    run = Run(Shelf(before=raising(*[RetryLaterError("down")] * 9)), most_waits=2)
    with pytest.raises(StoppedError):
        run.deliver(1)


def test_partial_success_is_counted_and_said(caplog: pytest.LogCaptureFixture) -> None:
    run = Run(Shelf("otlp:x", lambda _: Receipt(rejected=2, message="too old")))
    tally = run.deliver(1, 2, 3)
    assert (tally.delivered, tally.lost, tally.settled) == (1, Counter(rejected=2), 3)
    assert messages(caplog) == [("WARNING", "otlp:x rejected 2 of 3 spans, which are lost: too old")]


def test_unsupported_updates_are_counted_and_said_once(caplog: pytest.LogCaptureFixture) -> None:
    run = Run(Shelf("otlp:x", lambda records: Receipt(unsupported=len(records))))
    tallies = [run.deliver(1, 2), run.deliver(3)]
    assert [(each.delivered, each.left_out, each.settled) for each in tallies] == [
        (0, Counter(unsupported=2), 2),
        (0, Counter(unsupported=1), 1),
    ]
    (said,) = messages(caplog)
    assert said[0] == "WARNING"
    assert "no place for updates of rows" in said[1]


def test_same_trouble_is_said_once_a_minute_and_once_more_after_it_was_over(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.WARNING)
    now = 1000.0
    monkeypatch.setattr(module, "monotonic", lambda: now)
    shelf = Shelf(before=raising(*[RetryLaterError("down")] * 5))
    run = Run(shelf)
    run.deliver(1)
    assert len(caplog.records) == 1
    shelf.before = raising(RetryLaterError("down again"))
    run.deliver(1)
    assert len(caplog.records) == 2
    shelf.before = lambda _: Receipt(rejected=1)
    run.deliver(1)
    run.deliver(1)
    assert len(caplog.records) == 3
    now += 61
    run.deliver(1)
    assert len(caplog.records) == 4


def test_tallies_add_up() -> None:
    tally = Tally(1, Counter(a=1), Counter(x=1))
    tally.add(Tally(2, Counter(a=1, b=2), Counter(x=4)))
    assert tally == Tally(3, Counter(a=2, b=2), Counter(x=5))
    assert tally.settled == 12
