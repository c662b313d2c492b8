"""The log in memory: where records wait if they cannot or shall not be written."""

import threading
from collections import deque
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Final

from spanscore.delivery._frames import Frame
from spanscore.delivery._log import MOST_BYTES, MOST_RECORDS, Chunk
from spanscore.delivery._segment import is_for
from spanscore.delivery._sources import Source, Sources

_MOST_BYTES: Final = 64 << 20


class MemoryLog:
    """Frames in memory, at most 64 MiB of them; beyond that the oldest go, and who had not read them is told.

    Positions count records.
    """

    def __init__(self, sources: Sources, chosen: Sequence[str], *, most_bytes: int = _MOST_BYTES) -> None:
        self.chosen = tuple(chosen)
        self.end = 0
        self.is_finished = False
        self._known = sources
        self._most_bytes = most_bytes
        self._frames: deque[Frame] = deque()
        self._bytes = 0
        self._taken: dict[str, int] = {}
        self._joined: set[str] = set()
        self._lock = threading.RLock()

    @property
    def sources(self) -> Mapping[int, Source]:
        """The sources met so far, by number."""
        return self._known.by_number

    def append(self, kind: int, flags: int, body: bytes) -> None:
        """Take one record."""
        with self._lock:
            self._frames.append(Frame(kind, flags, body, self.end, self.end + 1))
            self._bytes += len(body)
            self.end += 1
            while self._bytes > self._most_bytes and len(self._frames) > 1:
                self._bytes -= len(self._frames.popleft().body)

    def read(self, position: int, identity: str) -> Chunk:
        """Records from `position` on."""
        with self._lock:
            first = self._frames[0].start if self._frames else self.end
            chunk = Chunk([], max(position, first))
            if position < first:
                chunk.lost["memory_full"] = first - position
            size = 0
            for frame in islice(self._frames, chunk.end - first, chunk.end - first + MOST_RECORDS):
                size += len(frame.body)
                if chunk.frames and size > MOST_BYTES:
                    break
                chunk.frames.append(frame)
                chunk.end = frame.end
            return chunk

    def frame(self, start: int, end: int) -> Frame | None:
        """One record that was read before; None if it is gone."""
        with self._lock:
            first = self._frames[0].start if self._frames else end
            return self._frames[start - first] if start >= first else None

    def gives(self, identity: str, frame: Frame) -> bool:
        """Whether a record is for the destination of that identity."""
        return is_for(identity, frame, self.chosen)

    def join(self, identity: str) -> int | None:
        """Keep records until that destination has taken them too; the position where it begins.

        None while another sender reads for it.
        """
        with self._lock:
            if identity in self._joined:
                return None
            self._joined.add(identity)
            return self._taken.setdefault(identity, self._frames[0].start if self._frames else self.end)

    def leave(self, identity: str) -> None:
        """Another sender may read for that destination."""
        # Without the lock: in a forked child a thread that it does not have may hold it.
        self._joined.discard(identity)

    def begin_now(self, identity: str) -> None:
        """Nothing that is here so far is for that destination."""
        with self._lock:
            self._taken[identity] = self.end

    def taken(self, identity: str, position: int) -> None:
        """Let go of what that destination was the last to take."""
        with self._lock:
            self._taken[identity] = position
            first = min(self._taken.values())
            while self._frames and self._frames[0].end <= first:
                self._bytes -= len(self._frames.popleft().body)
