"""The outbox: nothing lost, nothing twice, nobody waits, and the end takes two seconds at most."""

import os
import subprocess
import sys
import threading
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Literal

import pytest
from opentelemetry import context as otel_context
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from finished_spans import finished
from forked import exit_status
from shelf import Shelf, hanging, raising, rest_in, spool_in, update
from spanscore.delivery import Flushed, Outbox, OutboxOptions, TailSampling
from spanscore.delivery._exporter import ExporterDestination
from spanscore.delivery._redaction import Redactor
from spanscore.errors import RetryLaterError, StoreBusyError
from spanscore.tracing import is_recording
from spanscore.wire.seams import Destination

pytestmark = pytest.mark.core
fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this platform")
EXPERIMENT = "experiment_id:3fa85f64-5717-4562-b3fc-2c963f66afa6"


@contextmanager
def outbox_of(*destinations: Destination, options: OutboxOptions | None = None) -> Generator[Outbox]:
    outbox = Outbox(destinations, options)
    try:
        yield outbox
    finally:
        outbox.close(0.2)


@pytest.fixture(params=["span", "window", "off"])
def durable(request: pytest.FixtureRequest, tmp_path: Path) -> OutboxOptions:
    return OutboxOptions(spool=spool_in(tmp_path), durability=request.param)


def put_all(outbox: Outbox, numbers: Iterable[int]) -> None:
    for number in numbers:
        outbox.put(update(number))


def test_records_arrive_once_in_order_from_one_thread(durable: OutboxOptions) -> None:
    shelf = Shelf()
    with outbox_of(shelf, options=durable) as outbox:
        for number in range(5000):
            outbox.put(update(number))
        flushed = outbox.flush(30)
    assert (flushed.delivered, flushed.waiting, bool(flushed)) == (5000, 0, True)
    assert shelf.taken == list(range(5000))
    assert shelf.threads == {"spanscore-sender"}


def test_many_threads_lose_nothing(durable: OutboxOptions) -> None:
    shelf = Shelf()

    def produce(first: int) -> None:
        for number in range(first, first + 1000):
            outbox.put(update(number))

    with outbox_of(shelf, options=durable) as outbox:
        threads = [threading.Thread(target=produce, args=(index * 1000,)) for index in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert outbox.flush(30)
    assert sorted(shelf.taken) == list(range(8000))
    for first in range(0, 8000, 1000):
        of_thread = [number for number in shelf.taken if first <= number < first + 1000]
        assert of_thread == sorted(of_thread)


def test_put_never_waits_for_a_destination(durable: OutboxOptions) -> None:
    go = threading.Event()
    shelf = Shelf(before=hanging(go))
    with outbox_of(shelf, options=durable) as outbox:
        for number in range(2000):
            outbox.put(update(number, 1000))
        assert not outbox.flush(0)
        go.set()
        assert outbox.flush(30)
    assert shelf.taken == list(range(2000))


def test_each_destination_gets_all_and_none_holds_up_another(durable: OutboxOptions) -> None:
    go = threading.Event()
    slow, fast = Shelf("slow", hanging(go)), Shelf("fast")
    with outbox_of(slow, fast, options=durable) as outbox:
        for number in range(10):
            outbox.put(update(number))
        assert outbox.flush(30, only="fast") == Flushed(10, 0, destinations={"fast": Flushed(10, 0)})
        told = outbox.flush(0.01)
        assert told.destinations == {"slow": Flushed(0, 10), "fast": Flushed(10, 0)}
        assert (told.delivered, told.waiting) == (0, 10)
        go.set()
        assert outbox.flush(30)
    assert slow.taken == fast.taken == list(range(10))


def test_flush_does_not_wait_for_what_others_put_meanwhile() -> None:
    shelf = Shelf()
    with outbox_of(shelf) as outbox:
        shelf.before = lambda _: put_all(outbox, (99, 99, 99))
        for number in range(20):
            outbox.put(update(number))
            assert outbox.flush(30).delivered > number
        shelf.before = None


def test_span_is_in_the_spool_when_put_returns(tmp_path: Path) -> None:
    go = threading.Event()
    with outbox_of(Shelf(before=hanging(go)), options=OutboxOptions(spool=spool_in(tmp_path))) as outbox:
        outbox.put(update(1, 100))
        (segment,) = spool_in(tmp_path).paths()
        assert b"x" * 100 in segment.read_bytes()
        go.set()
        assert outbox.flush(30)


def test_what_is_not_durable_is_not_on_disk(tmp_path: Path) -> None:
    options = OutboxOptions(spool=spool_in(tmp_path), durability="off")
    with outbox_of(Shelf(), options=options) as outbox:
        outbox.put(update(1))
        assert outbox.flush(30)
    assert not (tmp_path / "spool").exists()


def test_nothing_is_left_in_the_spool_when_all_is_delivered(tmp_path: Path) -> None:
    with outbox_of(Shelf(), Shelf("b"), options=OutboxOptions(spool=spool_in(tmp_path))) as outbox:
        outbox.put(update(1))
        assert outbox.flush(30)
    assert rest_in(spool_in(tmp_path)) == []


def test_record_after_the_end_opens_everything_again(durable: OutboxOptions) -> None:
    shelf = Shelf()
    outbox = Outbox([shelf], durable)
    outbox.close()
    for number in (1, 2, 3):
        outbox.put(update(number))
        assert outbox.flush(30) == Flushed(number, 0, destinations={"shelf": Flushed(number, 0)})
        outbox.close()
        outbox.close()
    assert shelf.taken == [1, 2, 3]
    assert shelf.closed == 3


def test_backlog_that_a_close_has_left_is_sent_by_who_comes_next(tmp_path: Path) -> None:
    shelf = Shelf(before=raising(*[RetryLaterError("down")] * 2))
    outbox = Outbox([shelf], OutboxOptions(spool=spool_in(tmp_path)))
    outbox.put(update(1))
    outbox.close(0.2)
    assert (shelf.taken, shelf.attempts) == ([], 2)
    outbox.put(update(2))
    assert outbox.flush(30) == Flushed(2, 0, destinations={"shelf": Flushed(2, 0)})
    assert sorted(shelf.taken) == [1, 2]
    outbox.close()
    assert list((tmp_path / "spool").glob("*.spool")) == []


def test_what_hung_at_the_close_ends_later_and_disturbs_nobody(tmp_path: Path) -> None:
    go = threading.Event()
    shelf, other = Shelf(before=hanging(go)), Shelf("other")
    outbox = Outbox([shelf, other], OutboxOptions(spool=spool_in(tmp_path)))
    outbox.put(update(1))
    outbox.flush(30, only="other")
    begin = monotonic()
    outbox.close(0.1)
    assert monotonic() - begin < 20
    outbox.put(update(2))
    outbox.flush(30, only="other")
    assert other.taken == [1, 2]
    go.set()
    assert outbox.flush(30).waiting == 0
    outbox.put(update(3))
    assert outbox.flush(30) == Flushed(3, 0, destinations={"shelf": Flushed(3, 0), "other": Flushed(3, 0)})
    assert (sorted(shelf.taken), other.taken) == ([1, 2, 3], [1, 2, 3])
    outbox.close()
    assert list((tmp_path / "spool").glob("*.spool")) == []


def test_two_ends_with_one_that_hangs_leave_all_to_the_next_once_it_is_over(tmp_path: Path) -> None:
    go = threading.Event()
    shelf, other = Shelf(before=hanging(go)), Shelf("other")
    outbox = Outbox([shelf, other], OutboxOptions(spool=spool_in(tmp_path)))
    for number in (1, 2):
        outbox.put(update(number))
        outbox.flush(30, only="other")
        outbox.close(0.1)
    assert outbox._journal.segments != ()  # pyright: ignore[reportPrivateUsage]
    go.set()
    while outbox._ending:  # pyright: ignore[reportPrivateUsage]
        outbox.close(0.1)
    assert outbox._journal.segments == ()  # pyright: ignore[reportPrivateUsage]
    later = Shelf()
    with outbox_of(later, options=OutboxOptions(spool=spool_in(tmp_path))) as next_outbox:
        assert next_outbox.flush(30).waiting == 0
    assert sorted({*shelf.taken, *later.taken}) == [1, 2]
    assert other.taken == [1, 2]


def test_close_gives_one_more_attempt_and_keeps_the_rest(tmp_path: Path) -> None:
    shelf = Shelf(before=raising(*[StoreBusyError("locked")] * 99))
    outbox = Outbox([shelf], OutboxOptions(spool=spool_in(tmp_path)))
    outbox.put(update(1))
    outbox.close(10)
    # Two: what was under way, and one more. A third if the time of the first wait was over just then.
    assert shelf.attempts in (2, 3)
    assert (shelf.taken, shelf.closed) == ([], 1)
    with outbox_of(later := Shelf(), options=OutboxOptions(spool=spool_in(tmp_path))) as outbox:
        assert outbox.flush(30).delivered == 1
    assert later.taken == [1]


def test_what_memory_still_holds_at_the_end_is_counted() -> None:
    shelf = Shelf(before=raising(*[RetryLaterError("down")] * 99))
    outbox = Outbox([shelf])
    for number in range(3):
        outbox.put(update(number))
    outbox.close(10)
    shelf.before = None
    assert outbox.flush(10).lost == {"process_ended": 3}
    assert shelf.taken == []
    outbox.close()


def test_what_an_exporter_object_has_not_taken_at_the_end_is_counted(tmp_path: Path) -> None:
    exporter = InMemorySpanExporter()
    exporter.shutdown()
    spool = spool_in(tmp_path)
    destination = ExporterDestination(exporter)
    outbox = Outbox([destination, Shelf()], OutboxOptions(spool=spool))
    for number in (1, 2):
        outbox.put(finished(span_id=number))
    outbox.flush(30, only="shelf")
    outbox.close(10)
    assert spool.ledger.totals()[destination.identity] == {"exporter_gone": 2}
    assert list((tmp_path / "spool").glob("*.spool")) == []


def test_exporter_of_the_program_still_works_when_an_experiment_begins() -> None:
    exporter, store = InMemorySpanExporter(), Shelf("local")
    with outbox_of(ExporterDestination(exporter)) as outbox:
        outbox.put(finished(name="before"))
        assert outbox.flush(30)
        outbox.keep_local(EXPERIMENT, store)
        outbox.put(finished(name="row", parent=EXPERIMENT))
        outbox.put(finished(name="after"))
        assert outbox.flush(30).waiting == 0
    assert [span.name for span in exporter.get_finished_spans()] == ["before", "after"]
    assert [span.name for span in store.spans] == ["row"]


def test_rows_of_an_experiment_elsewhere_reach_the_store_too(durable: OutboxOptions) -> None:
    elsewhere, store = Shelf("otlp:somewhere"), Shelf("local")
    with outbox_of(elsewhere, options=durable) as outbox:
        outbox.put(update(1))
        outbox.keep_also_local(EXPERIMENT, store)
        outbox.put(update(2, parent=EXPERIMENT))
        outbox.put(finished(span_id=3, parent=EXPERIMENT))
        outbox.put(finished(span_id=4))
        assert outbox.flush(30)
        assert not outbox.is_local(EXPERIMENT)
        outbox.keep_local(EXPERIMENT, store)
        assert outbox.is_local(EXPERIMENT)
    assert (elsewhere.taken, store.taken) == ([1, 2, 3, 4], [2, 3])


def test_rows_of_a_local_experiment_reach_only_the_store(durable: OutboxOptions) -> None:
    elsewhere, store = Shelf("otlp:somewhere"), Shelf("local")
    with outbox_of(elsewhere, options=durable) as outbox:
        outbox.put(update(1))
        outbox.keep_local(EXPERIMENT, store)
        outbox.keep_local(EXPERIMENT, store)
        outbox.put(update(2, parent=EXPERIMENT))
        outbox.put(finished(span_id=3, parent=EXPERIMENT))
        outbox.put(finished(span_id=4))
        flushed = outbox.flush(30)
    assert (elsewhere.taken, store.taken) == ([1, 4], [2, 3])
    assert {identity: each.delivered for identity, each in flushed.destinations.items()} == {
        "otlp:somewhere": 2,
        "local": 2,
    }
    assert bool(flushed)


def test_rows_of_an_experiment_that_are_left_reach_only_the_store(tmp_path: Path) -> None:
    options = OutboxOptions(spool=spool_in(tmp_path))
    down = raising(*[RetryLaterError("down", after_s=60)] * 9)
    outbox = Outbox([Shelf("otlp:x", down)], options)
    outbox.keep_local(EXPERIMENT, Shelf("local", down))
    outbox.put(update(1, parent=EXPERIMENT))
    outbox.put(update(2))
    outbox.close(1)
    elsewhere, store = Shelf("otlp:x"), Shelf("local")
    with outbox_of(elsewhere, store, options=options) as outbox:
        assert outbox.flush(30)
    assert (elsewhere.taken, store.taken) == ([2], [1])


def test_store_that_is_a_destination_anyway_needs_no_second_one() -> None:
    store, elsewhere = Shelf("local"), Shelf("b")
    with outbox_of(store) as alone, outbox_of(store, elsewhere) as both:
        for outbox in (alone, both):
            outbox.keep_local(EXPERIMENT, Shelf("local"))
            outbox.put(update(1, parent=EXPERIMENT))
            assert outbox.flush(30)
    assert (store.taken, elsewhere.taken) == ([1, 1], [])


def test_store_gets_what_the_outbox_in_place_of_another_is_given(durable: OutboxOptions) -> None:
    former_store, store, elsewhere = Shelf("local"), Shelf("local"), Shelf("otlp:x")
    with (
        outbox_of(Shelf("otlp:x"), options=durable) as former,
        outbox_of(elsewhere, options=durable) as outbox,
    ):
        former.keep_local(EXPERIMENT, former_store)
        outbox.go_on_for(former, store)
        outbox.put(update(1, parent=EXPERIMENT))
        outbox.put(update(2))
        assert outbox.flush(30)
    assert (elsewhere.taken, store.taken, former_store.taken) == ([2], [1], [])


def test_store_gets_what_the_former_outbox_learns_only_then(durable: OutboxOptions) -> None:
    store, elsewhere = Shelf("local"), Shelf("otlp:x")
    with (
        outbox_of(Shelf("otlp:x"), options=durable) as former,
        outbox_of(elsewhere, options=durable) as outbox,
    ):
        outbox.go_on_for(former, store)
        former.keep_also_local(EXPERIMENT, Shelf("local"))
        outbox.put(update(1, parent=EXPERIMENT))
        assert outbox.flush(30)
    assert (elsewhere.taken, store.taken) == ([1], [1])


def test_row_whose_parent_is_no_text_harms_nothing() -> None:
    with outbox_of(shelf := Shelf("b")) as outbox:
        outbox.keep_local(EXPERIMENT, Shelf("local"))
        outbox.put(finished({"braintrust.parent": [1]}, parent=None))
        assert outbox.flush(30)
    assert len(shelf.spans) == 1


SECRET = "sk-" + "proj-" + "a1B2c3D4" * 8


@pytest.mark.parametrize("redact_at", ["send", "span"])
def test_secrets_are_out_before_the_destination_and_if_asked_before_the_disk(
    redact_at: Literal["send", "span"], tmp_path: Path
) -> None:
    go = threading.Event()
    options = OutboxOptions(spool=spool_in(tmp_path), redactor=Redactor(), redact_at=redact_at)
    shelf = Shelf(before=hanging(go))
    with outbox_of(shelf, options=options) as outbox:
        outbox.put(finished({"note": f"the key is {SECRET}"}))
        (segment,) = spool_in(tmp_path).paths()
        assert (SECRET.encode() in segment.read_bytes()) == (redact_at == "send")
        go.set()
        assert outbox.flush(30)
    (span,) = shelf.spans
    assert SECRET not in str(dict(span.attributes or {}))


def test_instrumentations_do_not_see_our_own_work(durable: OutboxOptions) -> None:
    seen: set[tuple[bool, object]] = set()

    def look(_: object = None) -> None:
        seen.add((is_recording(), otel_context.get_value("suppress_instrumentation")))

    with outbox_of(Shelf(before=look), options=durable) as outbox:
        outbox.put(update(1))
        assert outbox.flush(30)
    assert seen == {(False, True)}


@pytest.mark.parametrize("durability", ["span", "window"])
def test_record_put_by_the_garbage_collector_inside_put_does_not_lock(
    durability: Literal["span", "window"], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the span of a forgotten stream ends while another is being written."""
    shelf = Shelf()
    options = OutboxOptions(spool=spool_in(tmp_path), durability=durability)
    write, waiting = os.write, iter([update(2)])

    def write_and_collect(fd: int, data: bytes) -> int:
        for record in waiting:
            outbox.put(record)
        return write(fd, data)

    with outbox_of(shelf, options=options) as outbox:
        monkeypatch.setattr(os, "write", write_and_collect)
        outbox.put(update(1))
        assert outbox.flush(30).delivered == 2
        monkeypatch.undo()
    assert sorted(shelf.taken) == [1, 2]


def test_record_put_by_the_sender_itself_is_delivered_too(durable: OutboxOptions) -> None:
    once = iter([2])
    shelf = Shelf()
    with outbox_of(shelf, options=durable) as outbox:
        shelf.before = lambda _: put_all(outbox, once)
        outbox.put(update(1))
        while outbox.flush(30).delivered != 2:
            pass
    assert shelf.taken == [1, 2]


def test_put_in_the_middle_of_an_append_does_not_wait_for_who_starts_or_ends() -> None:
    """Garbage collected under the journal's lock, while another thread waits for that with the outbox's."""
    with outbox_of(shelf := Shelf()) as outbox:
        blocked = threading.Thread(target=outbox.keep_local, args=(EXPERIMENT, Shelf("local")), daemon=True)
        lock = outbox._lock  # pyright: ignore[reportPrivateUsage]
        with outbox._journal._lock:  # pyright: ignore[reportPrivateUsage]
            blocked.start()
            while lock.acquire(blocking=False):
                lock.release()
            outbox.put(update(1))
        blocked.join(30)
        assert outbox.flush(30)
    assert shelf.taken == [1]


def no_thread(_: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")


def test_without_a_thread_records_wait_in_the_spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf()
    outbox = Outbox([shelf], OutboxOptions(spool=spool_in(tmp_path)))
    monkeypatch.setattr(threading.Thread, "start", no_thread)
    outbox.put(update(1))
    begin = monotonic()
    assert outbox.flush(60).waiting == 1
    outbox.close()
    assert monotonic() - begin < 30
    monkeypatch.undo()
    with outbox_of(later := Shelf(), options=OutboxOptions(spool=spool_in(tmp_path))) as outbox:
        assert outbox.flush(30).delivered == 1
    assert (shelf.taken, later.taken) == ([], [1])


def test_thread_is_started_later_where_it_could_not_be_at_first(monkeypatch: pytest.MonkeyPatch) -> None:
    with outbox_of(shelf := Shelf()) as outbox:
        monkeypatch.setattr(threading.Thread, "start", no_thread)
        outbox.put(update(1))
        monkeypatch.undo()
        outbox.put(update(2))
        assert outbox.flush(30)
    assert shelf.taken == [1, 2]


def test_without_a_thread_what_is_in_memory_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    outbox = Outbox([Shelf()])
    monkeypatch.setattr(threading.Thread, "start", no_thread)
    outbox.put(update(1))
    outbox.close()
    monkeypatch.undo()
    assert outbox.flush(10).lost == {"process_ended": 1}
    outbox.close()


@fork
def test_forked_child_starts_empty_and_delivers_its_own(durable: OutboxOptions) -> None:
    go = threading.Event()
    shelf = Shelf(before=hanging(go))
    outbox = Outbox([shelf], durable)
    outbox.put(update(1))

    def work() -> None:
        go.set()
        outbox.put(update(2))
        assert outbox.flush(10).delivered == 1
        assert shelf.taken == [2]
        outbox.close()

    assert exit_status(work) == 0
    go.set()
    assert outbox.flush(30) == Flushed(1, 0, destinations={"shelf": Flushed(1, 0)})
    assert shelf.taken == [1]
    outbox.close()


@fork
def test_forked_child_has_new_locks(durable: OutboxOptions) -> None:
    outbox = Outbox([Shelf()], durable)
    outbox.put(update(1))
    outbox.flush(30)
    locks = (outbox._lock, outbox._journal._lock, outbox._sources._lock)  # pyright: ignore[reportPrivateUsage]
    taken, over = threading.Event(), threading.Event()

    def hold() -> None:
        with locks[0], locks[1], locks[2]:
            taken.set()
            over.wait(60)

    holder = threading.Thread(target=hold)
    holder.start()
    taken.wait(60)

    def work() -> None:
        outbox.put(finished(span_id=2))
        assert outbox.flush(10).delivered == 1

    assert exit_status(work) == 0
    over.set()
    holder.join()
    outbox.close()


@fork
def test_exporter_object_has_another_identity_in_a_child() -> None:
    exporter = InMemorySpanExporter()
    destination = ExporterDestination(exporter)
    outbox = Outbox([destination])

    def work() -> None:
        outbox.put(finished(name="child"))
        flushed = outbox.flush(10)
        assert [*flushed.destinations] == [destination.identity]
        assert [span.name for span in exporter.get_finished_spans()] == ["child"]

    assert exit_status(work) == 0


ENDS = {
    "normal": "",
    "exit": "sys.exit(3)",
    "exception": "raise RuntimeError",
    "late": "atexit._run_exitfuncs(); put(1000)",
    "at exit": "",
    "collected at exit": "",
}
PROGRAM = """
import atexit, os, sys
{before}
from pathlib import Path
from spanscore.delivery import Outbox, OutboxOptions, Spool, _exit, _outbox
from spanscore.wire.records import RowUpdate
from spanscore.wire.seams import Receipt
_outbox.EXIT_BUDGET_S = _exit.EXIT_BUDGET_S = float(sys.argv[3])
class Pipe:
    identity = "pipe"
    def deliver(self, records):
        os.write(1, b"." * len(records))
        return Receipt()
    def close(self):
        pass
spool = Spool(Path(sys.argv[1]), max_bytes=1 << 30, max_age_s=1e6)
outbox = Outbox([Pipe()], OutboxOptions(spool=spool, durability=sys.argv[2]))
def put(number):
    outbox.put(RowUpdate(parent="p", trace_id=1, span_id=number, fields={{}}))
class Ends:
    def __del__(self, put=outbox.put, last=RowUpdate(parent="p", trace_id=1, span_id=1000, fields={{}})):
        put(last)
for number in range(1000):
    put(number)
{end}
"""
ENOUGH_S = "50"
"""For the end of a program on a machine that is busy with other things."""

BEFORE = {"at exit": "atexit.register(lambda: put(1000))"}
END = {"collected at exit": "ends = Ends()"}


@pytest.mark.parametrize("durability", ["span", "window"])
@pytest.mark.parametrize("end", ENDS)
def test_end_of_the_process_delivers_what_waits_or_leaves_it_to_the_next(
    end: str, durability: str, tmp_path: Path
) -> None:
    program = PROGRAM.format(before=BEFORE.get(end, ""), end=END.get(end) or ENDS[end])
    command = [sys.executable, "-c", program, str(tmp_path / "spool"), durability, ENOUGH_S]
    ended = subprocess.run(command, capture_output=True, check=False, timeout=60)
    assert ended.stderr == b"" or end == "exception"
    with outbox_of(pipe := Shelf("pipe"), options=OutboxOptions(spool=spool_in(tmp_path))) as outbox:
        assert outbox.flush(30)
    is_late = end not in ("normal", "exit", "exception")
    assert (len(ended.stdout), pipe.taken) == (1000, [1000] if is_late else [])


@pytest.mark.parametrize("is_after_outbox", [True, False])
def test_what_is_put_first_at_the_end_of_the_process_is_delivered_or_left_to_the_next(
    is_after_outbox: bool, tmp_path: Path
) -> None:
    """A thread that were left running could take the process with it."""
    before, end = BEFORE["at exit"], "atexit.register(lambda: put(1000))"
    program = PROGRAM.format(before="" if is_after_outbox else before, end=end if is_after_outbox else "")
    program = program.replace("range(1000)", "()")
    watch = (
        "import atexit, threading; atexit.register(lambda: print(threading.active_count(), file=sys.stderr))"
    )
    command = [sys.executable, "-c", f"{watch}\n{program}", str(tmp_path / "spool"), "span", ENOUGH_S]
    ended = subprocess.run(command, capture_output=True, check=False, timeout=60)
    with outbox_of(pipe := Shelf("pipe"), options=OutboxOptions(spool=spool_in(tmp_path))) as outbox:
        assert outbox.flush(30)
    is_delivered = is_after_outbox and starts_threads_at_the_end()
    told = f"1 span waits for pipe in {tmp_path / 'spool'}; the next process or `spanscore spool drain` "
    told += "sends what waits\n"
    is_told = is_after_outbox and not is_delivered
    assert (ended.returncode, ended.stderr.decode()) == (0, f"{told if is_told else ''}1\n")
    assert (ended.stdout, pipe.taken) == ((b".", []) if is_delivered else (b"", [1000]))


STARTING = """
import atexit, os, threading
def start():
    thread = threading.Thread(target=os.write, args=(1, b"started"))
    thread.start()
    thread.join()
atexit.register(start)
"""


def starts_threads_at_the_end() -> bool:
    """Whether this interpreter does so in functions of `atexit`; some releases of Python 3.12 do not."""
    command = [sys.executable, "-c", STARTING]
    return subprocess.run(command, capture_output=True, check=False, timeout=60).stdout == b"started"


def test_end_of_the_process_does_not_wait_for_a_destination_that_hangs(tmp_path: Path) -> None:
    hang = "    def deliver(self, records):\n        import time; time.sleep(100)\n"
    program = PROGRAM.format(before="", end="").replace("    def deliver(self, records):\n", hang)
    command = [sys.executable, "-c", program, str(tmp_path / "spool"), "span", "2"]
    ended = subprocess.run(command, capture_output=True, check=False, timeout=50)
    told = f"1,000 spans wait for pipe in {tmp_path / 'spool'}; the next process or `spanscore spool drain` "
    told += "sends what waits\n"
    assert (ended.returncode, ended.stdout, ended.stderr.decode()) == (0, b"", told)
    with outbox_of(pipe := Shelf("pipe"), options=OutboxOptions(spool=spool_in(tmp_path))) as outbox:
        assert outbox.flush(30).delivered == 1000
    assert pipe.taken == list(range(1000))


def test_tail_sampling_marks_spans_but_neither_updates_nor_evals() -> None:
    options = OutboxOptions(tail=TailSampling(errors=False))
    with outbox_of(shelf := Shelf(), options=options) as outbox:
        outbox.put(finished(span_id=1))
        outbox.put(finished(span_id=2, parent="experiment_id:elsewhere"))
        outbox.put(finished(span_id=3, scope="spanscore.eval"))
        outbox.put(update(4))
        flushed = outbox.flush(30)
    assert shelf.taken == [2, 3, 4]
    assert (flushed.delivered, flushed.left_out) == (3, {"tail_sampled": 1})
