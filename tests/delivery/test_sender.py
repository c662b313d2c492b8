"""The sender: one thread a destination, which never gives up and never loses a span on its way."""

# pyright: reportPrivateUsage=false

import itertools
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

import pytest
from opentelemetry.trace import SpanContext

from finished_spans import failed, finished
from shelf import Shelf, hanging, number_of, raising, rest_in, spool_in, update
from spanscore.delivery import Flushed, Outbox, OutboxOptions, TailSampling
from spanscore.delivery import _sender as module
from spanscore.delivery._dead_letters import DeadLetters
from spanscore.delivery._tail import WAIT_S
from spanscore.errors import RejectedError, RetryLaterError, StoreReadOnlyError, UnauthorizedError
from spanscore.tracing import guard
from spanscore.wire.records import Record
from spanscore.wire.seams import Receipt

pytestmark = pytest.mark.core


def flushed_within(outbox: Outbox, timeout_s: float = 30.0) -> Flushed:
    """A flush again and again, each of which hurries a sender that waits."""
    end = monotonic() + timeout_s
    while True:
        flushed = outbox.flush(0.02)
        if not flushed.waiting or monotonic() > end:
            return flushed


@pytest.mark.parametrize(
    "error",
    [RetryLaterError("down"), StoreReadOnlyError("read-only"), UnauthorizedError("no such key")],
    ids=str,
)
def test_it_tries_for_ever_and_a_flush_hurries_it(error: Exception, tmp_path: Path) -> None:
    shelf = Shelf(before=raising(*[error] * 12))
    outbox = Outbox([shelf], OutboxOptions(spool=spool_in(tmp_path)))
    for number in range(5):
        outbox.put(update(number))
    assert flushed_within(outbox).delivered == 5
    outbox.close()
    assert (shelf.attempts >= 13, shelf.taken) == (True, [0, 1, 2, 3, 4])


def test_time_that_a_destination_asks_for_is_not_shortened_by_a_flush_nor_by_the_end(tmp_path: Path) -> None:
    shelf = Shelf(before=raising(RetryLaterError("busy", after_s=3600.0)))
    outbox = Outbox([shelf], OutboxOptions(spool=spool_in(tmp_path)))
    outbox.put(update(1))
    while not shelf.attempts:
        outbox.flush(0.01)
    assert [outbox.flush(0.05).waiting for _ in range(4)] == [1] * 4
    begin = monotonic()
    outbox.close(30)
    assert monotonic() - begin < 20
    assert (shelf.attempts, shelf.taken) == (1, [])


def test_short_time_that_a_destination_asks_for_is_given() -> None:
    shelf = Shelf(before=raising(RetryLaterError("busy", after_s=0.2)))
    outbox = Outbox([shelf])
    begin = monotonic()
    outbox.put(update(1))
    assert outbox.flush(30).delivered == 1
    assert monotonic() - begin >= 0.2
    outbox.close()


class Coming(threading.Event):
    """Somebody's hurry, while each wait for it sees one more record come, so many times."""

    def __init__(self, outbox: Outbox, records: int, *, hurried: bool = False) -> None:
        super().__init__()
        self.waits = 0
        self._outbox = outbox
        self._records = records
        self._is_hurried = hurried

    def wait(self, timeout: float | None = None) -> bool:
        self.waits += 1
        if self.waits <= self._records:
            self._outbox._journal.append(3, (b"",))
        return self._is_hurried


@pytest.mark.parametrize(
    ("records", "hurried", "waits"), [(0, False, 1), (2, False, 3), (2, True, 1), (10**6, False, 4)]
)
def test_it_gathers_while_more_comes_but_not_for_long(
    records: int, hurried: bool, waits: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = itertools.count(step=module._GATHER_S * 0.22)
    monkeypatch.setattr(module, "monotonic", lambda: next(clock))
    outbox = Outbox([Shelf()], OutboxOptions(spool=spool_in(tmp_path)))
    sender = outbox._sender("shelf")
    outbox._journal.tell(sender.feed.follow)
    outbox._journal.append(3, (b"",))
    sender._hurry = coming = Coming(outbox, records, hurried=hurried)
    sender._gather()
    assert coming.waits == waits
    for _ in sender.feed.let_go():
        pass
    outbox._journal.release()


def poisoned_by(*numbers: int) -> Shelf:
    def refuse(records: Sequence[Record]) -> None:
        if any(number_of(record) in numbers for record in records):
            raise RejectedError("400: bad span")

    return Shelf("picky", refuse)


def test_poison_becomes_a_dead_letter_that_is_counted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shelf, spool = poisoned_by(7), spool_in(tmp_path)
    outbox = Outbox([shelf], OutboxOptions(spool=spool))
    for number in range(7):
        outbox.put(update(number))
    outbox.put(finished({"image": b"\xff"}, span_id=7))
    outbox.put(update(8))
    assert outbox.flush(30).lost == {"rejected": 1}
    outbox.close()
    assert shelf.taken == [0, 1, 2, 3, 4, 5, 6, 8]
    (letter,) = DeadLetters(spool.folder)
    assert (letter["destination"], letter["reason"]) == ("picky", "RejectedError: 400: bad span")
    assert letter["span"]["context"][1] == "0" * 15 + "7"
    assert spool.ledger.totals()["picky"] == {"rejected": 1}
    assert "picky will never take 1 span, which is a dead letter now" in caplog.text


def test_poison_whose_letter_cannot_be_written_is_counted_all_the_same(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "spool").write_text("in the way")
    outbox = Outbox([shelf := poisoned_by(1)], OutboxOptions(spool=spool_in(tmp_path)))
    outbox.put(update(1))
    outbox.put(update(2))
    flushed = outbox.flush(30)
    outbox.close()
    assert (flushed.lost, shelf.taken) == ({"rejected": 1}, [2])
    assert "a dead letter cannot be written" in caplog.text


def test_what_a_destination_tells_of_is_in_the_ledger(tmp_path: Path) -> None:
    spool = spool_in(tmp_path)
    shelf = Shelf("otlp:x", lambda records: Receipt(rejected=1, unsupported=len(records) - 1))
    outbox = Outbox([shelf], OutboxOptions(spool=spool))
    for number in range(3):
        outbox.put(update(number))
    flushed = outbox.flush(30)
    outbox.close()
    assert flushed.lost["rejected"] + flushed.left_out.get("unsupported", 0) == 3
    assert spool.ledger.totals()["otlp:x"] == {**flushed.lost, **flushed.left_out}


def test_order_is_that_in_which_the_records_were_put(tmp_path: Path) -> None:
    shelf = Shelf(before=raising(*[RetryLaterError("down"), RejectedError("no")] * 4))
    outbox = Outbox([shelf], OutboxOptions(spool=spool_in(tmp_path)))
    for number in range(2000):
        outbox.put(update(number))
    assert flushed_within(outbox).delivered == 2000 - flushed_within(outbox).lost.get("rejected", 0)
    outbox.close()
    assert shelf.taken == sorted(shelf.taken)


def test_end_waits_no_longer_than_it_may_for_one_that_hangs(tmp_path: Path) -> None:
    go = threading.Event()
    stuck, quick = Shelf("stuck", hanging(go)), Shelf("quick")
    outbox = Outbox([stuck, quick], OutboxOptions(spool=spool_in(tmp_path)))
    for number in range(100):
        outbox.put(update(number))
    begin = monotonic()
    outbox.close(0.5)
    assert 0.4 < monotonic() - begin < 20
    assert quick.taken == list(range(100))
    assert stuck.taken == []
    go.set()


def test_error_of_ours_is_reported_and_the_sender_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guard.reraise = False
    monkeypatch.setattr(module, "_ONE_WAIT_S", 0.01)
    real, broken = os.pread, iter([True])

    def fail_once(*arguments: int) -> bytes:
        if next(broken, False):
            raise ValueError("a bug")
        return real(*arguments)

    shelf = Shelf()
    outbox = Outbox([shelf], OutboxOptions(spool=spool_in(tmp_path)))
    outbox.put(update(1))
    outbox.flush(30)
    before = guard.counts.get("sending spans", 0)
    monkeypatch.setattr(os, "pread", fail_once)
    outbox.put(update(2))
    assert outbox.flush(30).delivered == 2
    outbox.close()
    assert guard.counts["sending spans"] == before + 1


def test_destination_that_fails_to_close_is_reported_and_stops_nothing() -> None:
    guard.reraise = False

    class Unclosable(Shelf):
        def close(self) -> None:
            raise ZeroDivisionError

    shelf = Unclosable()
    outbox = Outbox([shelf])
    outbox.put(update(1))
    outbox.close(30)
    assert shelf.taken == [1]
    assert guard.counts["closing a destination"] >= 1


# Tail sampling on its way from the spool.

RULE = TailSampling(slower_than_s=5.0)


def child(number: int, *, above: int = 99, trace_id: int = 1 << 55) -> object:
    return finished(span_id=number, above=above, trace_id=trace_id)


def sampling(tmp_path: Path, rule: TailSampling = RULE) -> tuple[Outbox, Shelf]:
    shelf = Shelf()
    return Outbox([shelf], OutboxOptions(spool=spool_in(tmp_path), tail=rule)), shelf


def put_all(outbox: Outbox, *records: object) -> None:
    for record in records:
        outbox.put(record)  # type: ignore[arg-type]


def test_flush_does_not_wait_for_what_is_undecided_and_the_end_keeps_it(tmp_path: Path) -> None:
    outbox, shelf = sampling(tmp_path)
    put_all(outbox, child(1), child(2), update(3))
    assert outbox.flush(30).delivered == 1
    outbox.close(30)
    assert shelf.taken == [3, 1, 2]
    assert rest_in(spool_in(tmp_path)) == []


def test_decision_in_another_segment_settles_what_was_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spanscore.delivery._journal._SEGMENT_BYTES", 300)
    outbox, shelf = sampling(tmp_path)
    put_all(outbox, child(1), child(2), child(3))
    outbox.flush(30)
    assert shelf.taken == []
    put_all(outbox, finished(span_id=99, trace_id=1 << 55, status=failed()))
    assert outbox.flush(30).delivered == 4
    put_all(outbox, child(4), child(5, trace_id=2), finished(span_id=98, trace_id=2))
    assert outbox.flush(30).left_out == {"tail_sampled": 2}
    outbox.close(30)
    assert shelf.taken == [1, 2, 3, 99, 4]
    assert rest_in(spool_in(tmp_path)) == []


def test_what_is_overdue_is_sent_and_settled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outbox, shelf = sampling(tmp_path)
    put_all(outbox, child(1))
    outbox.flush(30)
    later = monotonic() + WAIT_S + 1
    monkeypatch.setattr(module, "monotonic", lambda: later)
    assert outbox.flush(0.01).waiting <= 1
    while not shelf.taken:
        outbox.flush(0.01)
    monkeypatch.undo()
    outbox.close(30)
    assert shelf.taken == [1]
    assert rest_in(spool_in(tmp_path)) == []


def test_undecided_spans_that_cannot_be_sent_at_the_end_are_left_to_the_next(tmp_path: Path) -> None:
    outbox, shelf = sampling(tmp_path)
    put_all(outbox, child(1), update(2), child(3))
    outbox.flush(30)
    shelf.before = raising(*[RetryLaterError("down")] * 9)
    outbox.close(30)
    assert shelf.taken == [2]
    later, next_shelf = sampling(tmp_path)
    later.flush(30)
    later.close(30)
    # At least once: what lies behind the first that was held comes again.
    assert sorted(set(next_shelf.taken)) in ([1, 3], [1, 2, 3])


def test_undecided_spans_in_memory_that_cannot_be_sent_at_the_end_are_counted() -> None:
    shelf = Shelf()
    outbox = Outbox([shelf], OutboxOptions(tail=RULE))
    put_all(outbox, child(1), child(2))
    outbox.flush(30)
    shelf.before = raising(*[RetryLaterError("down")] * 9)
    outbox.close(30)
    assert outbox.flush(0.01).lost == {"process_ended": 2}
    outbox.close(30)


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from finished_spans import finished
from shelf import Shelf, update
from spanscore.delivery import Outbox, OutboxOptions, Spool, TailSampling
spool = Spool(Path(sys.argv[1]), max_bytes=1 << 30, max_age_s=1e9)
shelf = Shelf()
outbox = Outbox([shelf], OutboxOptions(spool=spool, tail=TailSampling()))
for number in (1, 2):
    outbox.put(finished(span_id=number, above=99))
outbox.put(update(3))
outbox.flush(30)
print(*shelf.taken, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_undecided_spans_of_a_killed_process_are_kept(tmp_path: Path) -> None:
    tests = Path(__file__).parent.parent
    command = [sys.executable, "-c", KILLED, str(tmp_path / "spool"), str(tests)]
    ended = subprocess.run(command, capture_output=True, check=False, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (-signal.SIGKILL, b"3\n", b"")
    outbox, shelf = sampling(tmp_path)
    assert outbox.flush(30)
    outbox.close()
    assert set(shelf.taken) >= {1, 2}
    assert list((tmp_path / "spool").glob("*.spool")) == []


def test_trace_of_a_remote_parent_is_decided_by_its_first_span_here(tmp_path: Path) -> None:
    outbox, shelf = sampling(tmp_path)
    local_root = finished(span_id=98, above=5, trace_id=1 << 55, end_s=6)
    local_root._parent = SpanContext(1 << 55, 5, is_remote=True)  # pyright: ignore[reportAttributeAccessIssue]
    put_all(outbox, child(1, above=98), local_root)
    assert outbox.flush(30).delivered == 2
    outbox.close()
    assert shelf.taken == [1, 98]
