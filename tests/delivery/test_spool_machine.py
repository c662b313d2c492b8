"""Whatever the disk does and whenever a process dies: what was put is delivered, or it is counted."""

# pyright: reportPrivateUsage=false

import atexit
import errno
import fcntl
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from finished_spans import finished
from shelf import number_of, update
from spanscore._json import to_json
from spanscore.delivery import Outbox, OutboxOptions, Spool, TailSampling
from spanscore.delivery import _journal as journal_module
from spanscore.delivery._attempts import StoppedError
from spanscore.delivery._codec import decode_span, decode_update
from spanscore.delivery._frames import IN_PARTS, Kind
from spanscore.delivery._sender import Sender
from spanscore.errors import RetryLaterError
from spanscore.wire.records import Record
from spanscore.wire.seams import Receipt

pytestmark = pytest.mark.core
DAY_NS = 86_400 * 1_000_000_000
CALLS = {"write": os, "open": os, "writev": os, "pwrite": os, "rename": os, "ftruncate": os, "flock": fcntl}
WRITE = os.write
IDENTITIES = ("a", "b")
MOST_BYTES = 6_000
SIZES = st.sampled_from([1, 40, 700, 20_000])


class Disk:
    """The operating system, which fails for `left` calls of `name` after `after` that work."""

    def __init__(self) -> None:
        self.heal()

    def heal(self) -> None:
        self.name, self.after, self.left, self.is_short = "", 0, 0, False

    def break_at(self, name: str, after: int, left: int, *, is_short: bool) -> None:
        self.name, self.after, self.left, self.is_short = name, after, left, is_short

    @contextmanager
    def in_use(self, now_ns: int) -> Generator[None, None, None]:
        """The program runs: no thread starts, so that each step is one that the machine chose."""
        with ExitStack() as stack:
            for name, module in CALLS.items():
                stack.enter_context(patch.object(module, name, self._faulty(name, getattr(module, name))))
            stack.enter_context(patch.object(threading.Thread, "start", _no_thread))
            stack.enter_context(patch.object(time, "time_ns", lambda: now_ns))
            yield

    def _faulty(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def do(*args: Any, **kwargs: Any) -> Any:
            if self.left == 0 or name != self.name:
                return call(*args, **kwargs)
            if self.after > 0:
                self.after -= 1
                return call(*args, **kwargs)
            self.left -= 1
            if self.is_short:
                data = b"".join(args[1]) if name == "writev" else args[1]
                return WRITE(args[0], data[: len(data) // 2])
            raise OSError(errno.ENOSPC, "no space left on device")

        return do


def _no_thread(_: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")


class Taker:
    """A destination: what it took, whether it is up, what it never takes."""

    def __init__(self, identity: str) -> None:
        self.identity = identity
        self.taken: set[int] = set()
        self.is_up = True
        self.poison: set[int] = set()
        self.loses_the_answer = False

    def deliver(self, records: Sequence[Record]) -> Receipt:
        if not self.is_up:
            raise RetryLaterError("down")
        numbers = {number_of(record) for record in records}
        if numbers & self.poison:
            raise ValueError("poison")
        self.taken |= numbers
        if self.loses_the_answer:
            self.loses_the_answer = False
            raise RetryLaterError("no answer")
        return Receipt()

    def close(self) -> None:
        pass


class Process:
    """One program with an outbox, in which nothing happens by itself."""

    def __init__(self, folder: Path, takers: Sequence[Taker], tail: TailSampling | None) -> None:
        self.spool = Spool(folder, max_bytes=MOST_BYTES, max_age_s=7 * 86_400.0)
        self.outbox = Outbox(takers, OutboxOptions(spool=self.spool, tail=tail))
        self.identities = [taker.identity for taker in takers]

    def send(self) -> None:
        self.outbox._start()
        for sender in self.outbox._senders:
            sender._deadline, sender._has_tried_last = 0.0, False
            sender.feed.look_again()
            _send_all(sender)

    def kill(self) -> None:
        atexit.unregister(self.outbox._end_of_process)
        for sender in self.outbox._senders:
            sender.feed.abandon()
        self.outbox._journal.abandon()

    def in_memory(self) -> set[int]:
        memory = self.outbox._journal._memory
        frames = [] if memory is None else list(memory._frames)
        return {
            number_of(
                decode_update(frame.body)
                if frame.kind == Kind.UPDATE
                else decode_span(
                    frame.body,
                    self.outbox._sources.by_number,
                    is_in_parts=bool(frame.flags & IN_PARTS),
                )
            )
            for frame in frames
        }


def _send_all(sender: Sender) -> None:
    try:
        while sender._step():
            pass
    except StoppedError:
        return


class SpoolMachine(RuleBasedStateMachine):
    """Processes that put, send, end and die on one folder, with a disk that fails."""

    @initialize(has_tail=st.booleans())
    def begin(self, has_tail: bool) -> None:
        self.root = Path(tempfile.mkdtemp())
        self.folder = self.root / "spool"
        self.disk = Disk()
        self.takers = {identity: Taker(identity) for identity in IDENTITIES}
        self.put: dict[str, set[int]] = {identity: set() for identity in IDENTITIES}
        self.gone_with_memory: set[int] = set()
        self.unwritten: dict[str, int] = {}
        self.processes: list[Process] = []
        self.next = 1
        self.now_ns = time.time_ns()
        # All is kept, but only when the root has ended.
        self.tail = TailSampling(slower_than_s=0.5) if has_tail else None
        self.start_process(list(IDENTITIES))

    @precondition(lambda self: len(self.processes) < 2)
    @rule(identities=st.lists(st.sampled_from(IDENTITIES), min_size=1, unique=True))
    def start_process(self, identities: list[str]) -> None:
        self.processes.append(Process(self.folder, [self.takers[each] for each in identities], self.tail))

    @precondition(lambda self: self.processes)
    @rule(which=st.integers(0, 1), count=st.integers(1, 6), size=SIZES, kind=st.integers(0, 2))
    def put_records(self, which: int, count: int, size: int, kind: int) -> None:
        process = self.processes[which % len(self.processes)]
        with self.disk.in_use(self.now_ns):
            for number in range(self.next, self.next + count):
                process.outbox.put(_record(number, size, kind, is_last=number == self.next + count - 1))
        for identity in process.identities:
            self.put[identity] |= set(range(self.next, self.next + count))
        self.next += count

    @precondition(lambda self: self.processes)
    @rule(which=st.integers(0, 1))
    def send(self, which: int) -> None:
        with self.disk.in_use(self.now_ns):
            self.processes[which % len(self.processes)].send()

    @rule(identity=st.sampled_from(IDENTITIES), is_up=st.booleans(), loses=st.booleans())
    def go_up_or_down(self, identity: str, is_up: bool, loses: bool) -> None:
        self.takers[identity].is_up = is_up
        self.takers[identity].loses_the_answer = loses

    @rule(identity=st.sampled_from(IDENTITIES), ahead=st.integers(0, 3))
    def poison(self, identity: str, ahead: int) -> None:
        self.takers[identity].poison.add(self.next + ahead)

    @precondition(lambda self: self.processes)
    @rule(which=st.integers(0, 1), torn=st.binary(max_size=30))
    def kill(self, which: int, torn: bytes) -> None:
        process = self.processes.pop(which % len(self.processes))
        segment = process.outbox._journal._segment
        self._mourn(process)
        process.kill()
        if segment is not None and torn:
            # Longer than what follows: the beginning of a record.
            with segment.path.open("ab") as file:
                file.write((b"\xff\xff\x00\x00....\x02" + torn)[: len(torn)])

    @precondition(lambda self: self.processes)
    @rule(which=st.integers(0, 1), ends=st.booleans())
    def close(self, which: int, ends: bool) -> None:
        process = self.processes[which % len(self.processes)]
        with self.disk.in_use(self.now_ns):
            process.outbox.close(0)
        if ends:
            self._mourn(process)
            self.processes.remove(process)

    def _mourn(self, process: Process) -> None:
        """What was in memory is gone; so is what was counted while the ledger could not be written."""
        self.gone_with_memory |= process.in_memory()
        for (identity, _), count in process.spool.ledger._unwritten.items():
            self.unwritten[identity] = self.unwritten.get(identity, 0) + count

    @rule(
        name=st.sampled_from(sorted(CALLS)),
        after=st.integers(0, 12),
        left=st.sampled_from([1, 2, 50]),
        is_short=st.booleans(),
    )
    def break_disk(self, name: str, after: int, left: int, is_short: bool) -> None:
        self.disk.break_at(name, after, left, is_short=is_short and name in ("write", "writev"))

    @rule()
    def heal_disk(self) -> None:
        self.disk.heal()

    @rule(days=st.integers(-10, 10))
    def jump(self, days: int) -> None:
        self.now_ns += days * DAY_NS

    def teardown(self) -> None:
        if not hasattr(self, "root"):
            return
        try:
            self._check()
        finally:
            for process in self.processes:
                process.kill()
            shutil.rmtree(self.root)

    def _check(self) -> None:
        self.disk.heal()
        for taker in self.takers.values():
            taker.is_up, taker.loses_the_answer = True, False
        with self.disk.in_use(self.now_ns):
            for process in self.processes:
                process.send()
                process.outbox.close(0)
            last = Process(self.folder, list(self.takers.values()), None)
            last.send()
            last.outbox.close(0)
        self.processes.clear()
        counted = last.spool.ledger.totals()
        for identity, taker in self.takers.items():
            missing = self.put[identity] - taker.taken - self.gone_with_memory
            assert taker.taken <= self.put[identity], "something was delivered that was never put"
            told = sum(counted.get(identity, {}).values()) + self.unwritten.get(identity, 0)
            assert len(missing) <= told, (missing, counted)
        if self.folder.exists():
            left = [path.name for path in self.folder.iterdir() if path.suffix in (".spool", ".ack")]
            assert [name for name in left if not name.startswith(".")] == []


def _record(number: int, size: int, kind: int, *, is_last: bool) -> Record:
    """An update, a root, or a span of a trace whose root, the last one, may come with another put."""
    if kind == 0:
        return update(number, size)
    attributes = {"x": to_json("x" * size)}
    if kind == 1:
        return finished(attributes, span_id=number, trace_id=number)
    return finished(attributes, span_id=number, trace_id=1 << 60, above=None if is_last else 1)


TestSpool = SpoolMachine.TestCase
PROFILES = {name: settings.get_profile(name) for name in ("short", "long")}
TestSpool.settings = settings(
    PROFILES["long" if settings.default == PROFILES["long"] else "short"],
    stateful_step_count=30,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@pytest.fixture(autouse=True, scope="module")
def _small_segments() -> Generator[None, None, None]:
    with (
        patch.object(journal_module, "_SEGMENT_BYTES", 1500),
        patch.object(journal_module, "_DISK_AGAIN_S", 0.0),
    ):
        yield
