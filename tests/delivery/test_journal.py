"""Where finished spans are written: the newest segment, and memory where that fails."""

# pyright: reportPrivateUsage=false

import errno
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from finished_spans import finished
from shelf import Shelf, hanging, raising, rest_in, spool_in, update
from spanscore.delivery import Outbox, OutboxOptions
from spanscore.delivery import _journal as module
from spanscore.delivery._codec import encode_update
from spanscore.delivery._frames import LOCAL_ONLY, Kind
from spanscore.delivery._journal import Journal
from spanscore.delivery._memory import MemoryLog
from spanscore.delivery._segment import Segment
from spanscore.delivery._sources import Sources
from spanscore.delivery._spool import Spool
from spanscore.errors import RetryLaterError

pytestmark = pytest.mark.core


class Logs:
    """The logs that a journal has told of."""

    def __init__(self) -> None:
        self.all: list[Segment | MemoryLog] = []

    def __call__(self, log: Segment | MemoryLog) -> None:
        self.all.append(log)

    def bodies(self) -> list[bytes]:
        return [frame.body for log in self.all for frame in log.read(0, "a").frames]


def journal_in(spool: Spool | None, **options: Any) -> tuple[Journal, Logs]:
    journal, logs = Journal(spool, Sources(), **options), Logs()
    journal.address(["a"], ["a"])
    journal.tell(logs)
    return journal, logs


def put(journal: Journal, *bodies: bytes) -> None:
    for body in bodies:
        journal.append(Kind.UPDATE, (body,))


def test_each_record_is_one_write_before_append_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal, logs = journal_in(spool_in(tmp_path))
    put(journal, b"first")
    write, writes = os.write, list[int]()
    monkeypatch.setattr(os, "write", lambda fd, data: writes.append(len(data)) or write(fd, data))
    put(journal, b"second", b"third")
    monkeypatch.undo()
    assert len(writes) == 2
    (path,) = spool_in(tmp_path).paths()
    assert path.read_bytes().endswith(b"third")
    assert (logs.bodies(), journal.appended) == ([b"first", b"second", b"third"], 3)
    journal.release()


def test_long_parts_are_gathered_into_one_record(tmp_path: Path) -> None:
    journal, logs = journal_in(spool_in(tmp_path))
    journal.append(Kind.UPDATE, (b"a" * 10, b"b" * 100_000, b"c"))
    put(journal, b"next")
    assert logs.bodies() == [b"a" * 10 + b"b" * 100_000 + b"c", b"next"]
    journal.release()


def test_source_is_written_once_a_segment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = Sources()
    journal, logs = Journal(spool_in(tmp_path), sources), Logs()
    journal.address(["a"], ["a"])
    journal.tell(logs)
    number = sources.number(finished())
    for _ in range(2):
        for _ in range(3):
            journal.append(Kind.SPAN, (b"body",), number)
        journal.finish()
    for log in logs.all:
        assert isinstance(log, Segment)
        assert len(log.read(0, "a").frames) == 3
        assert dict(log.sources) == {number: sources.by_number[number]}
        assert log.path.read_bytes().count(b"test.scope") == 1
    assert len(logs.all) == 2
    journal.release()


def test_full_segment_is_followed_by_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SEGMENT_BYTES", 1000)
    journal, logs = journal_in(spool_in(tmp_path))
    bodies = [b"%d" % number * 300 for number in range(10)]
    put(journal, *bodies)
    assert [log.is_finished for log in logs.all] == [True, True, True, False]
    assert logs.bodies() == bodies
    assert journal.segments == tuple(logs.all)
    journal.forget(journal.segments[0])
    assert len(journal.segments) == 3
    journal.release()
    assert journal.segments == ()


def test_who_is_addressed_later_gets_only_what_comes_later(tmp_path: Path) -> None:
    journal, logs = journal_in(spool_in(tmp_path))
    put(journal, b"1")
    assert journal.address(["a", "b"], ["a", "b"]) == 1
    put(journal, b"2")
    first, second = logs.all
    assert isinstance(first, Segment)
    assert isinstance(second, Segment)
    assert (first.header.destinations, second.header.destinations) == (("a",), ("a", "b"))
    journal.release()


def test_who_is_told_later_is_told_of_all_that_is_there(tmp_path: Path) -> None:
    journal = Journal(spool_in(tmp_path), Sources())
    journal.address(["a"], ["a"])
    put(journal, b"1")
    logs = Logs()
    journal.tell(logs)
    assert logs.bodies() == [b"1"]
    journal.pause()
    put(journal, b"2")
    assert len(logs.all) == 1
    assert logs.all[0].is_finished
    journal.release()


def test_without_a_spool_all_is_in_memory_with_its_flags() -> None:
    journal, logs = journal_in(None)
    journal.append(Kind.SPAN | LOCAL_ONLY, (b"body", b"more"))
    (log,) = logs.all
    (frame,) = log.read(0, "a").frames
    assert (frame.kind, frame.flags, frame.body) == (Kind.SPAN, LOCAL_ONLY, b"bodymore")


def test_window_is_written_together_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ends: list[int] = []
    journal, logs = journal_in(spool_in(tmp_path), window_s=1000.0, on_window=lambda: ends.append(1))
    put(journal, b"1", b"2")
    assert logs.all == []
    journal.write_out()
    assert (logs.bodies(), ends) == ([b"1", b"2"], [])
    put(journal, b"x" * 300_000)
    assert len(logs.bodies()) == 3
    put(journal, b"4")
    journal.write_at_once()
    put(journal, b"5")
    assert logs.bodies()[3:] == [b"4", b"5"]
    journal.release()


def test_end_of_a_window_is_told_so_that_who_sleeps_wakes(tmp_path: Path) -> None:
    ended = threading.Event()
    journal, logs = journal_in(spool_in(tmp_path), window_s=0.001, on_window=ended.set)
    put(journal, b"1")
    assert ended.wait(30)
    assert logs.bodies() == [b"1"]
    journal.release()


def no_space(*_: object) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")


def one_byte(fd: int, data: bytes) -> int:
    return WRITE(fd, data[:1])


WRITE = os.write
TROUBLE: dict[str, tuple[str, Callable[..., int]]] = {
    "disk full": ("write", no_space),
    "disk nearly full": ("write", one_byte),
}


@pytest.mark.parametrize("window_s", [None, 0.001], ids=["span", "window"])
@pytest.mark.parametrize(("call", "trouble"), TROUBLE.values(), ids=TROUBLE)
def test_full_disk_keeps_records_in_memory_says_so_once_and_is_tried_again(
    call: str,
    trouble: Callable[..., int],
    window_s: float | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    now = 1000.0
    monkeypatch.setattr(module, "monotonic", lambda: now)
    journal, logs = journal_in(spool_in(tmp_path), window_s=window_s)
    put(journal, b"1")
    journal.write_out()
    with monkeypatch.context() as full:
        full.setattr(os, call, trouble)
        put(journal, b"2", b"3")
        journal.write_out()
        now += 6
        put(journal, b"4")
        journal.write_out()
    put(journal, b"5")
    journal.write_out()
    now += 6
    put(journal, b"6")
    journal.write_out()
    assert sorted(logs.bodies()) == [b"1", b"2", b"3", b"4", b"5", b"6"]
    assert [type(log).__name__ for log in logs.all] == ["Segment", "MemoryLog", "Segment"]
    assert len(caplog.records) == 1
    assert "finished spans wait in memory" in caplog.text
    journal.release()
    found = [path.read_bytes() for path in spool_in(tmp_path).paths()]
    assert [data[-1:] for data in found] == [b"1", b"6"]


def test_long_record_that_does_not_fit_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal, logs = journal_in(spool_in(tmp_path))
    put(journal, b"1")
    monkeypatch.setattr(os, "writev", lambda fd, parts: WRITE(fd, parts[0]))
    journal.append(Kind.UPDATE, (b"2", b"x" * 100_000))
    monkeypatch.undo()
    assert [len(body) for body in logs.bodies()] == [1, 100_001]
    (path,) = spool_in(tmp_path).paths()
    assert path.read_bytes().endswith(b"1")
    journal.release()


@pytest.mark.parametrize("hindrance", ["file", "broken link"])
def test_folder_that_cannot_be_made_harms_nobody(
    hindrance: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    place = tmp_path / "spool"
    if hindrance == "file":
        place.write_text("in the way")
    else:
        place.symlink_to(tmp_path / "nowhere" / "deep")
    shelf = Shelf()
    outbox = Outbox([shelf], OutboxOptions(spool=spool_in(tmp_path)))
    for number in range(3):
        outbox.put(update(number))
    assert outbox.flush(30)
    outbox.close()
    assert shelf.taken == [0, 1, 2]
    assert (
        len([record for record in caplog.records if "finished spans wait in memory" in record.message]) == 1
    )


def test_system_without_locks_keeps_records_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fcntl.flock", no_space)
    shelf = Shelf()
    outbox = Outbox([shelf], OutboxOptions(spool=spool_in(tmp_path)))
    outbox.put(update(1))
    assert outbox.flush(30)
    outbox.close()
    assert shelf.taken == [1]
    assert rest_in(spool_in(tmp_path)) == []


def test_what_cannot_be_taken_back_is_not_delivered_twice_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "ftruncate", no_space)
    shelf = Shelf()
    outbox = Outbox([shelf], OutboxOptions(spool=spool_in(tmp_path)))
    outbox.put(update(1))
    with monkeypatch.context() as full:
        full.setattr(os, "write", one_byte)
        outbox.put(update(2))
    assert outbox.flush(30).delivered == 2
    outbox.close()
    assert sorted(shelf.taken) == [1, 2]
    assert spool_in(tmp_path).paths() == []


def test_too_much_in_the_spool_costs_the_oldest_and_their_own_sender_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SEGMENT_BYTES", 1000)
    spool = spool_in(tmp_path, max_bytes=3000)
    down = Shelf("down", raising(*[RetryLaterError("down", after_s=1000.0)] * 100))
    up = Shelf("up")
    outbox = Outbox([down, up], OutboxOptions(spool=spool))
    for number in range(30):
        outbox.put(update(number, 300))
        outbox.flush(30, only="up")
    outbox.close(10)
    lost = spool.ledger.totals()
    assert up.taken == list(range(30))
    assert "up" not in lost
    (shelf,) = [Shelf("down")]
    later = Outbox([shelf], OutboxOptions(spool=spool))
    later.flush(30)
    later.close()
    assert len(shelf.taken) + lost["down"]["spool_full"] >= 30
    assert shelf.taken == list(range(30 - len(shelf.taken), 30))
    assert 0 < len(shelf.taken) <= 10


def test_flush_tells_what_was_evicted_and_stays_exact(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SEGMENT_BYTES", 1000)
    go = threading.Event()
    shelf = Shelf(before=hanging(go))
    outbox = Outbox([shelf], OutboxOptions(spool=spool_in(tmp_path, max_bytes=3000)))
    outbox.put(update(0, 300))
    while not shelf.attempts:
        outbox.flush(0.01)
    for number in range(1, 30):
        outbox.put(update(number, 300))
    go.set()
    flushed = outbox.flush(30)
    assert (flushed.delivered + flushed.lost["spool_full"], flushed.waiting) == (30, 0)
    assert flushed.delivered == len(shelf.taken) == len(set(shelf.taken))
    outbox.put(update(99))
    assert outbox.flush(30).delivered == flushed.delivered + 1
    outbox.close()


def test_child_touches_nothing_of_its_parents(tmp_path: Path) -> None:
    journal, _ = journal_in(spool_in(tmp_path))
    journal.append(Kind.UPDATE, (encode_update(update(1)),))
    (segment,) = journal.segments
    before = segment.path.read_bytes()
    journal.abandon()
    assert (segment.fd, segment.path.read_bytes(), journal.segments) == (-1, before, ())


class Interrupted(Exception):
    """What a signal handler raises."""


def test_a_signal_handler_that_raises_after_the_write_costs_no_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal, logs = journal_in(spool_in(tmp_path))
    put(journal, b"first")
    write = os.write

    def write_and_raise(fd: int, data: bytes) -> int:
        monkeypatch.setattr(os, "write", write)
        write(fd, data)
        raise Interrupted

    monkeypatch.setattr(os, "write", write_and_raise)
    with pytest.raises(Interrupted):
        put(journal, b"interrupted")
    put(journal, b"last")
    assert (logs.bodies(), journal.appended) == ([b"first", b"interrupted", b"last"], 3)


def test_a_signal_handler_that_raises_before_the_write_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal, logs = journal_in(spool_in(tmp_path))
    put(journal, b"first")
    write = os.write

    def raise_at_once(_fd: int, _data: bytes) -> int:
        monkeypatch.setattr(os, "write", write)
        raise Interrupted

    monkeypatch.setattr(os, "write", raise_at_once)
    with pytest.raises(Interrupted):
        put(journal, b"interrupted")
    put(journal, b"last")
    assert (logs.bodies(), journal.appended) == ([b"first", b"last"], 2)
