"""The queue: nothing dropped, nothing twice, producers wait, the end delivers."""

import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Sequence

import pytest
from opentelemetry import context as otel_context

from spanscore._json import JsonText
from spanscore.delivery import Flushed, Outbox
from spanscore.errors import StoreBusyError, StoreReadOnlyError
from spanscore.tracing import is_recording
from spanscore.wire.records import Record, RowUpdate

pytestmark = pytest.mark.core


def record(number: int, size: int = 1) -> RowUpdate:
    fields = {"output": JsonText("x" * size)}
    return RowUpdate(parent="project_name:p", trace_id=1, span_id=number, fields=fields)


class Shelf:
    """A destination in memory, which may be told to wait or to fail."""

    identity = "shelf"

    def __init__(self, before: Callable[[Sequence[Record]], object] | None = None) -> None:
        self.batches: list[list[int]] = []
        self.threads: set[str] = set()
        self.closed = 0
        self._before = before

    def deliver(self, records: Sequence[Record]) -> None:
        self.threads.add(threading.current_thread().name)
        if self._before is not None:
            self._before(records)
        self.batches.append([record.span_id for record in records if isinstance(record, RowUpdate)])

    def close(self) -> None:
        self.closed += 1

    @property
    def taken(self) -> list[int]:
        return [number for batch in self.batches for number in batch]


def test_records_arrive_once_in_order_from_one_thread() -> None:
    shelf = Shelf()
    outbox = Outbox(shelf)
    for number in range(5000):
        outbox.put(record(number))
    assert outbox.flush(30) == Flushed(5000, 0)
    assert shelf.taken == list(range(5000))
    assert shelf.threads == {"spanscore-outbox"}
    outbox.close()


def test_many_threads_lose_nothing() -> None:
    shelf = Shelf()
    outbox = Outbox(shelf)

    def produce(first: int) -> None:
        for number in range(first, first + 3000):
            outbox.put(record(number))

    threads = [threading.Thread(target=produce, args=(index * 3000,)) for index in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outbox.flush(30)
    assert sorted(shelf.taken) == list(range(24_000))
    outbox.close()


@pytest.mark.parametrize("size", [1, 1 << 20])
def test_producer_waits_for_room_instead_of_dropping(size: int) -> None:
    go = threading.Event()
    shelf = Shelf(lambda _: go.wait(30))
    outbox = Outbox(shelf)
    produced = threading.Event()
    count = 20_000 if size == 1 else 200

    def produce() -> None:
        for number in range(count):
            outbox.put(record(number, size))
        produced.set()

    thread = threading.Thread(target=produce)
    thread.start()
    assert not produced.wait(1.0)
    go.set()
    thread.join(30)
    assert outbox.flush(30) == Flushed(count, 0)
    assert shelf.taken == list(range(count))
    outbox.close()


def test_flush_says_what_still_waits() -> None:
    go = threading.Event()
    outbox = Outbox(Shelf(lambda _: go.wait(30)))
    outbox.put(record(1))
    flushed = outbox.flush(0.05)
    assert (flushed, bool(flushed)) == (Flushed(0, 1), False)
    go.set()
    assert outbox.flush(30) == Flushed(1, 0)
    outbox.close()


def test_flush_does_not_wait_for_what_others_put_meanwhile() -> None:
    shelf = Shelf(lambda _: [outbox.put(record(99)) for _ in range(3)])
    outbox = Outbox(shelf)
    for number in range(20):
        outbox.put(record(number))
        assert outbox.flush(30)
    shelf._before = None
    outbox.close()


def test_records_after_the_end_are_delivered_by_who_brings_them() -> None:
    shelf = Shelf()
    outbox = Outbox(shelf)
    outbox.put(record(1))
    outbox.close()
    outbox.close()
    outbox.put(record(2))
    assert shelf.taken == [1, 2]
    assert shelf.closed == 1
    assert threading.current_thread().name in shelf.threads


def test_busy_destination_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spanscore.delivery._outbox._BUSY_AGAIN_S", 0.0)
    failures = iter([StoreBusyError("locked"), StoreBusyError("locked")])

    def busy_twice(_: Sequence[Record]) -> None:
        for error in failures:
            raise error

    shelf = Shelf(busy_twice)
    outbox = Outbox(shelf)
    outbox.put(record(1))
    assert outbox.flush(30) == Flushed(1, 0)
    assert shelf.taken == [1]
    outbox.close()


def test_destination_that_refuses_is_counted_and_said_once(caplog: pytest.LogCaptureFixture) -> None:
    def refuse(_: Sequence[Record]) -> None:
        raise StoreReadOnlyError("/x is read-only")

    outbox = Outbox(Shelf(refuse))
    for number in range(3):
        outbox.put(record(number))
        assert not outbox.flush(30)
    assert outbox.flush(30) == Flushed(0, 0, {"StoreReadOnlyError": 3})
    errors = [entry.message for entry in caplog.records if entry.levelname == "ERROR"]
    assert errors == ["spans are lost from now on: /x is read-only"]
    outbox.close()


def test_record_that_cannot_be_stored_does_not_cost_the_others() -> None:
    def poisoned(records: Sequence[Record]) -> None:
        if any(isinstance(record, RowUpdate) and record.span_id == 7 for record in records):
            raise ZeroDivisionError

    shelf = Shelf(poisoned)
    outbox = Outbox(shelf)
    for number in range(10):
        outbox.put(record(number))
    assert outbox.flush(30) == Flushed(9, 0, {"ZeroDivisionError": 1})
    assert shelf.taken == [0, 1, 2, 3, 4, 5, 6, 8, 9]
    outbox.close()


def test_instrumentations_do_not_see_our_own_work() -> None:
    seen: list[tuple[bool, object]] = []
    outbox = Outbox(
        Shelf(lambda _: seen.append((is_recording(), otel_context.get_value("suppress_instrumentation"))))
    )
    outbox.put(record(1))
    outbox.flush(30)
    outbox.close()
    assert seen == [(False, True)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this platform")
def test_forked_child_starts_empty_and_delivers_its_own() -> None:
    go = threading.Event()
    shelf = Shelf(lambda _: go.wait(30))
    outbox = Outbox(shelf)
    outbox.put(record(1))
    child = os.fork()
    if child == 0:
        go.set()
        outbox.put(record(2))
        complete = bool(outbox.flush(10)) and shelf.taken == [2]
        os._exit(0 if complete else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    go.set()
    assert outbox.flush(30) == Flushed(1, 0)
    assert shelf.taken == [1]
    outbox.close()


ENDS = {
    "normal": "",
    "exit": "sys.exit(3)",
    "exception": "raise RuntimeError",
    "late": "atexit._run_exitfuncs(); outbox.put(record(99))",
}


@pytest.mark.parametrize("end", ENDS)
def test_end_of_the_process_delivers_what_waits(end: str) -> None:
    program = textwrap.dedent(
        f"""
        import atexit, os, sys
        from spanscore.delivery import Outbox
        from spanscore.wire.records import RowUpdate
        class Pipe:
            identity = "pipe"
            def deliver(self, records):
                os.write(1, b"." * len(records))
            def close(self):
                pass
        def record(number):
            return RowUpdate(parent="p", trace_id=1, span_id=number, fields={{}})
        outbox = Outbox(Pipe())
        for number in range(1000):
            outbox.put(record(number))
        {ENDS[end]}
        """
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert len(ended.stdout) == (1001 if end == "late" else 1000)


@pytest.mark.parametrize("closed", [False, True])
def test_record_put_while_another_is_delivered_by_the_same_thread_is_delivered_too(closed: bool) -> None:
    """As when garbage collection ends the span of a forgotten stream in the middle of a delivery."""
    once = iter([2])
    shelf = Shelf(lambda _: [outbox.put(record(number)) for number in once])
    outbox = Outbox(shelf)
    if closed:
        outbox.close()
    outbox.put(record(1))
    assert outbox.flush(30) == Flushed(2, 0)
    assert shelf.taken == [1, 2]
    outbox.close()


def test_record_put_by_the_garbage_collector_inside_put_does_not_lock() -> None:
    shelf = Shelf()
    outbox = Outbox(shelf)
    lock: threading.RLock = outbox._lock  # type: ignore[valid-type]
    with lock:
        outbox.put(record(1))
    assert outbox.flush(30) == Flushed(1, 0)
    outbox.close()
