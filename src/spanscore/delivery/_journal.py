"""Where finished spans are written: this process's segment of the spool, or memory where that fails."""

import logging
import os
import threading
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Final

from spanscore.delivery._frames import Kind, framed, head_of
from spanscore.delivery._group_commit import GroupCommit
from spanscore.delivery._memory import MemoryLog
from spanscore.delivery._parts import Parts
from spanscore.delivery._segment import Segment
from spanscore.delivery._sources import Sources
from spanscore.delivery._spool import Spool

_logger = logging.getLogger("spanscore")
_SEGMENT_BYTES: Final = 8 << 20
_WINDOW_BYTES: Final = 1 << 18
_DISK_AGAIN_S: Final = 5.0
_END_S: Final = 0.1

Written = tuple[int, Parts, int | None]
"""Kind with flags, body, and for a span the number of its resource and scope."""


def _nothing() -> None:
    return None


def _frame(kind: int, parts: Parts) -> Parts:
    # What is small is cheaper to copy than to have gathered by the system.
    return (framed(kind, parts[0]),) if len(parts) == 1 else (head_of(kind, parts), *parts)


class Journal:
    """Appends records to the newest segment and begins a new one when that is full.

    `spool` None keeps everything in memory. With `window_s` records of so many seconds share one write; else
    each is written before `append` returns; `on_window` is called after such a write. `appended` counts
    records. Appending never raises and never waits for a destination.
    """

    def __init__(
        self,
        spool: Spool | None,
        sources: Sources,
        *,
        window_s: float | None = None,
        on_window: Callable[[], None] = _nothing,
    ) -> None:
        self.appended = 0
        self._spool = spool
        self._sources = sources
        self._segments: list[Segment] = []
        self._memory: MemoryLog | None = None
        self._on_log: Callable[[Segment | MemoryLog], None] = _nobody
        self._destinations: tuple[str, ...] = ()
        self._chosen: tuple[str, ...] = ()
        self._segment: Segment | None = None
        self._defined: set[int | None] = set()
        self._waiting: list[Written] = []
        self._waiting_bytes = 0
        self._on_window = on_window
        self._group = None if window_s is None or spool is None else GroupCommit(self._end_window, window_s)
        self._disk_again_at = 0.0
        self._has_complained = False
        self._complaint: str | None = None
        # Reentrant: garbage collected while it is held may be a stream whose span ends, and is written, here.
        self._lock = threading.RLock()

    def address(self, destinations: Sequence[str], chosen: Sequence[str]) -> int:
        """Say whose the records are from now on; those written already stay with whom they were for.

        Returns how many those are.
        """
        with self._lock:
            self.finish()
            new = set(destinations) - set(self._destinations)
            self._destinations, self._chosen = tuple(destinations), tuple(chosen)
            if self._memory is not None:
                self._memory.chosen = self._chosen
                for identity in new:
                    self._memory.begin_now(identity)
            return self.appended

    def tell(self, on_log: Callable[[Segment | MemoryLog], None]) -> None:
        """Have `on_log` told of each log that there is, and of each as it begins."""
        with self._lock:
            self._on_log = on_log
            for segment in self._segments:
                on_log(segment)
            if self._memory is not None:
                on_log(self._memory)

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The segments that not all have taken yet."""
        return tuple(self._segments)

    def append(self, kind: int, parts: Parts, source: int | None = None) -> None:
        """Take one record; `kind` may carry flags, `source` is the number of a span's resource and scope."""
        with self._lock:
            if self._group is not None:
                self._gather((kind, parts, source), self._group)
            elif self._segment is None or source not in self._defined:
                self._write([(kind, parts, source)], count=1)
            elif not self._written(self._segment, _frame(kind, parts), count=1):
                self._keep(kind, parts)
                self.appended += 1
        if self._complaint is not None:
            self._say()

    def write_out(self) -> None:
        """Write what a window still holds."""
        with self._lock:
            waiting, self._waiting, self._waiting_bytes = self._waiting, [], 0
            if waiting:
                self._write(waiting, count=0)

    def write_at_once(self) -> None:
        """Gather no longer: the thread that writes out a window ends with the process."""
        with self._lock:
            group, self._group = self._group, None
            self.write_out()
        if group is not None:
            group.end(_END_S)

    def finish(self) -> None:
        """End the newest segment; the next record begins another."""
        with self._lock:
            self.write_out()
            self._finish()

    def pause(self) -> None:
        """End the newest segment, and tell nobody of the next: those who read are about to end."""
        with self._lock:
            self.finish()
            self._on_log = _nobody

    def release(self) -> None:
        """Let go of all segments: what is left in them is for whoever comes next."""
        with self._lock:
            self.pause()
            self.abandon()
            if self._group is not None:
                self._group.end()

    def abandon(self) -> None:
        """Close the files and do nothing else: in a forked child they are the parent's."""
        for segment in self._segments:
            segment.close()
        self._segments.clear()

    def forget(self, segment: Segment) -> None:
        """Let go of one segment, of which nothing is left."""
        with self._lock:
            if segment in self._segments:
                self._segments.remove(segment)
                segment.close()

    def _gather(self, record: Written, group: GroupCommit) -> None:
        self._waiting.append(record)
        self.appended += 1
        self._waiting_bytes += sum(map(len, record[1]))
        is_first = len(self._waiting) == 1
        if self._waiting_bytes > _WINDOW_BYTES or (is_first and not group.notify()):
            self.write_out()

    def _end_window(self) -> None:
        self.write_out()
        self._on_window()

    def _write(self, records: Sequence[Written], *, count: int) -> None:
        """Write records with the definitions of sources that the segment lacks; to memory what cannot be.

        `count` of them are not counted as appended yet.
        """
        segment = self._segment or self._begun()
        if segment is not None:
            new = sorted({source for _, _, source in records if source is not None} - self._defined)
            frames = [framed(Kind.SOURCE, self._sources.body(source)) for source in new]
            frames += [part for kind, parts, _ in records for part in _frame(kind, parts)]
            if self._written(segment, (b"".join(frames),), count=count):
                if segment is self._segment:
                    self._defined.update(new)
                return
        for kind, parts, _ in records:
            self._keep(kind, parts)
        self.appended += count

    def _begun(self) -> Segment | None:
        if self._spool is None or monotonic() < self._disk_again_at:
            return None
        try:
            segment = self._spool.create(self._destinations, self._chosen)
        except OSError as error:
            self._complain(error)
            return None
        self._segment = segment
        self._defined = {None}
        self._segments.append(segment)
        self._on_log(segment)
        self._tidy(self._spool)
        return segment

    def _tidy(self, spool: Spool) -> None:
        try:
            spool.keep_within_bounds(self._segments)
        except OSError as error:
            self._complaint = f"the spool {spool.folder} cannot be kept within its bounds: {error}"

    def _written(self, segment: Segment, parts: Parts, *, count: int) -> bool:
        size = len(parts[0]) if len(parts) == 1 else sum(map(len, parts))
        try:
            written = os.write(segment.fd, parts[0]) if len(parts) == 1 else os.writev(segment.fd, parts)
            if written != size:
                raise OSError("the disk took only a part of a record")
            segment.end += size
            self.appended += count
        except OSError as error:
            self._complain(error)
            self._cut(segment)
            return False
        except BaseException:
            # A signal handler has raised, before or after the write.
            self._settle(segment, size, count)
            raise
        if segment.end > _SEGMENT_BYTES:
            self._finish()
        return True

    def _settle(self, segment: Segment, size: int, count: int) -> None:
        """Find out whether a record that was interrupted has been written."""
        on_disk = os.fstat(segment.fd).st_size
        if on_disk == segment.end + size:
            segment.end += size
            self.appended += count
        elif on_disk != segment.end:
            self._cut(segment)

    def _cut(self, segment: Segment) -> None:
        """Take back what was written of a record, and leave the segment."""
        try:
            os.ftruncate(segment.fd, segment.end)
        except OSError as error:
            _logger.debug("a part of a record stays at the end of %s: %s", segment.path, error)
        self._finish()

    def _finish(self) -> None:
        if self._segment is not None:
            self._segment.is_finished = True
            self._segment = None

    def _keep(self, kind: int, parts: Parts) -> None:
        if self._memory is None:
            self._memory = MemoryLog(self._sources, self._chosen)
            self._on_log(self._memory)
        self._memory.append(kind & 0x0F, kind & 0xF0, b"".join(parts))

    def _complain(self, error: OSError) -> None:
        self._disk_again_at = monotonic() + _DISK_AGAIN_S
        if not self._has_complained and self._spool is not None:
            self._has_complained = True
            text = (
                "the spool %s cannot be written (%s): finished spans wait in memory, at most 64 MiB of them"
            )
            self._complaint = text % (self._spool.folder, error)

    def _say(self) -> None:
        """Log what went wrong; not under the lock, for a handler of the program's may record spans itself."""
        complaint, self._complaint = self._complaint, None
        if complaint is not None:
            _logger.warning("%s", complaint)


def _nobody(log: Segment | MemoryLog) -> None:
    """Nobody reads yet: whoever comes is told of it then."""
