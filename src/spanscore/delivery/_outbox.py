"""The queue between finished spans and their destination: nothing is dropped, producers wait instead."""

import atexit
import logging
import os
import sys
import threading
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic

from opentelemetry import context as otel_context
from opentelemetry.context import Context

from spanscore.delivery._weight import weight_of
from spanscore.errors import StoreBusyError, StoreError
from spanscore.wire.records import Record
from spanscore.wire.seams import Destination

_logger = logging.getLogger("spanscore")
_BATCH = 500
_MOST_WAITING = 1_000
_MOST_WAITING_BYTES = 64 << 20
_GATHER_S = 0.02
_BUSY_AGAIN_S = 0.5


@dataclass(frozen=True, slots=True)
class Flushed:
    """What a flush found: records delivered so far, still waiting, and lost by reason.

    True when nothing waits and nothing was lost.
    """

    delivered: int
    waiting: int
    lost: dict[str, int] = field(default_factory=dict[str, int])

    def __bool__(self) -> bool:
        return self.waiting == 0 and not self.lost


class Outbox:
    """Takes records from any thread and hands them to `destination` in batches from one thread of its own.

    A producer that finds too many records or bytes waiting waits for room. At the end of the process, and in
    what ends even later, records are delivered by whoever brings them. A forked child starts with an empty
    outbox: what was waiting is the parent's.
    """

    def __init__(self, destination: Destination) -> None:
        self._destination = destination
        self._renew()
        atexit.register(self.close)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._renew)

    def _renew(self) -> None:
        self._pending: deque[tuple[Record, int]] = deque()
        self._bytes = 0
        self._taken = 0
        self._delivered = 0
        self._lost: Counter[str] = Counter()
        # Reentrant: garbage collected while it is held may be a stream whose span ends, and is put, right
        # here.
        self._lock = threading.RLock()
        self._room = threading.Condition(self._lock)
        self._wake = threading.Event()
        self._hurry = threading.Event()
        self._delivering = threading.Lock()
        self._deliverer: int | None = None
        self._writer: threading.Thread | None = None
        self._idle = False
        self._closed = False

    def put(self, record: Record) -> None:
        """Take one record; waits while too many are waiting, never drops one."""
        weight = weight_of(record)
        with self._lock:
            self._pending.append((record, weight))
            self._taken += 1
            self._bytes += weight
            crowded = len(self._pending) >= _MOST_WAITING or self._bytes >= _MOST_WAITING_BYTES
        if self._writer is None:
            self._start_writer()
        if self._closed:
            self._deliver_pending()
        elif self._idle:
            self._idle = False
            self._wake.set()
        if crowded:
            self._wait_for_room()

    def flush(self, timeout_s: float = 30.0) -> Flushed:
        """Wait until everything taken so far is safe at the destination, at most `timeout_s` seconds.

        What others put meanwhile is not waited for and does not count as waiting.
        """
        deadline = monotonic() + timeout_s
        with self._lock:
            wanted = self._taken
        if self._is_writing():
            self._hurry.set()
            self._wake.set()
            with self._lock:
                while self._settled() < wanted and (left := deadline - monotonic()) > 0:
                    self._room.wait(min(left, 0.5))
        else:
            self._deliver_pending()
        with self._lock:
            return Flushed(self._delivered, max(0, wanted - self._settled()), dict(self._lost))

    def close(self) -> None:
        """Deliver what waits and stop the thread; later records are delivered at once by who brings them."""
        if self._closed:
            return
        self._closed = True
        writer = self._writer
        self._hurry.set()
        self._wake.set()
        if writer is not None and writer is not threading.current_thread():
            writer.join()
        self._deliver_pending()
        self._destination.close()

    def _settled(self) -> int:
        return self._delivered + self._lost.total()

    def _is_writing(self) -> bool:
        return self._writer is not None and self._writer.is_alive() and not self._closed

    def _start_writer(self) -> None:
        with self._lock:
            if self._writer is not None or self._closed:
                return
            self._writer = threading.Thread(target=self._write, name="spanscore-outbox", daemon=True)
        _at_end_of_worker_process(self.close)
        try:
            self._writer.start()
        except RuntimeError:
            # The interpreter is shutting down and starts no threads any more.
            self._closed = True

    def _wait_for_room(self) -> None:
        if threading.current_thread() is self._writer:
            return
        self._hurry.set()
        with self._lock:
            while self._is_crowded() and self._is_writing():
                self._room.wait(0.5)

    def _is_crowded(self) -> bool:
        return len(self._pending) >= _MOST_WAITING or self._bytes >= _MOST_WAITING_BYTES

    def _write(self) -> None:
        otel_context.attach(_unwatched())
        while not self._closed:
            self._idle = True
            if not self._pending:
                self._wake.wait()
            self._idle = False
            self._wake.clear()
            if not self._closed:
                # Spans come in bursts: what follows within the window shares a transaction.
                self._hurry.wait(_GATHER_S)
            self._hurry.clear()
            self._deliver_pending()

    def _deliver_pending(self) -> None:
        if self._deliverer == threading.get_ident():
            # Put by what this thread's delivery has set off; its loop goes on to it.
            return
        while self._pending:
            with self._delivering:
                self._deliverer = threading.get_ident()
                try:
                    batch = self._next_batch()
                    if batch:
                        self._deliver(batch)
                finally:
                    self._deliverer = None

    def _next_batch(self) -> list[tuple[Record, int]]:
        batch: list[tuple[Record, int]] = []
        size = 0
        while self._pending and len(batch) < _BATCH and size < _MOST_WAITING_BYTES // 4:
            batch.append(self._pending.popleft())
            size += batch[-1][1]
        return batch

    def _deliver(self, batch: Sequence[tuple[Record, int]]) -> None:
        records = [record for record, _ in batch]
        lost: Counter[str] = Counter()
        try:
            lost = self._deliver_or_count(records)
        finally:
            with self._lock:
                self._bytes -= sum(weight for _, weight in batch)
                self._lost.update(lost)
                self._delivered += len(records) - lost.total()
                self._room.notify_all()

    def _deliver_or_count(self, records: Sequence[Record]) -> Counter[str]:
        """Deliver `records`; those that the destination will never take are counted by reason."""
        while True:
            try:
                self._destination.deliver(records)
            except StoreBusyError as error:
                _logger.warning("spans are waiting: %s", error)
                threading.Event().wait(_BUSY_AGAIN_S)
            except StoreError as error:
                return self._give_up(records, error)
            except Exception as error:  # noqa: BLE001 - one bad record must not cost the others
                if len(records) == 1:
                    return self._give_up(records, error)
                lost: Counter[str] = Counter()
                for record in records:
                    lost.update(self._deliver_or_count([record]))
                return lost
            else:
                return Counter()

    def _give_up(self, records: Sequence[Record], error: Exception) -> Counter[str]:
        reason = type(error).__name__
        if reason not in self._lost:
            _logger.error("spans are lost from now on: %s", error, exc_info=error)
        return Counter({reason: len(records)})


def _at_end_of_worker_process(close: Callable[[], None]) -> None:
    """Have `close` called at the end of a process of multiprocessing, where `atexit` calls nothing."""
    util = sys.modules.get("multiprocessing.util")
    process = sys.modules.get("multiprocessing.process")
    if util is not None and process is not None and process.parent_process() is not None:
        util.Finalize(None, close, exitpriority=0)


def _unwatched() -> Context:
    """A context in which the user's instrumentations do not see our own reading and writing."""
    context = Context()
    for key in ("_SUPPRESS_INSTRUMENTATION_KEY", "_SUPPRESS_HTTP_INSTRUMENTATION_KEY"):
        name = getattr(otel_context, key, None)
        if name is not None:
            context = otel_context.set_value(name, value=True, context=context)
    return otel_context.set_value("suppress_instrumentation", value=True, context=context)
