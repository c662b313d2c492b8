"""A segment of the spool: one file that is only ever appended to."""

import os
import socket
import time
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from spanscore._json import from_json, to_json
from spanscore.delivery._frames import (
    ALSO_LOCAL,
    HEAD,
    LOCAL_ONLY,
    DamagedError,
    Frame,
    Kind,
    frame_length,
    framed,
    frames_in,
    is_sound,
)
from spanscore.delivery._locks import OPEN_OWN, lock, try_lock
from spanscore.delivery._log import MOST_BYTES, MOST_RECORDS, Chunk
from spanscore.delivery._sources import Source, decode_source

SUFFIX: Final = ".spool"
_VERSION: Final = 1
_LOOK: Final = 1 << 18
# Members of an enumeration are slow to look up.
_RECORDS: Final = frozenset(map(int, (Kind.SPAN, Kind.UPDATE)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Whose segment it is. `destinations` are identities; those in `chosen` take every record.

    A destination that is not chosen takes only what is flagged as local.
    """

    destinations: tuple[str, ...]
    chosen: tuple[str, ...]
    pid: int
    host: str
    created_ns: int
    version: int = _VERSION

    @classmethod
    def of_this_process(cls, destinations: Sequence[str], chosen: Sequence[str]) -> "Header":
        """The header of a segment that begins now."""
        return cls(
            destinations=tuple(destinations),
            chosen=tuple(chosen),
            pid=os.getpid(),
            host=socket.gethostname(),
            created_ns=time.time_ns(),
        )

    @classmethod
    def decoded(cls, body: bytes) -> "Header":
        """The header of a frame body. Raises an exception if it is none that is known here."""
        fields: dict[str, Any] = from_json(body)
        if fields.get("version") != _VERSION:
            raise ValueError(f"a segment of version {fields.get('version')!r}")
        for name in ("destinations", "chosen"):
            fields[name] = tuple(fields[name])
        return cls(**fields)


def is_for(identity: str, frame: Frame, chosen: Sequence[str]) -> bool:
    """Whether a record is for a destination: what is flagged as local for that one, others for the chosen."""
    if identity == "local" and frame.flags & (LOCAL_ONLY | ALSO_LOCAL):
        return True
    return not frame.flags & LOCAL_ONLY and identity in chosen


class Segment:
    """An open segment: what it holds can be read by several senders, each at its own position.

    `end` is where what is written so far ends; `is_finished` says that nothing follows. `evicted` says what
    removing it has cost: by identity the reason and the positions of records that had not been taken. The
    process that writes it holds a lock on the file for as long as it lives.
    """

    def __init__(self, path: Path, fd: int, header: Header, *, end: int, is_finished: bool) -> None:
        self.path = path
        self.fd: int = fd
        self.header = header
        self.end = end
        self.is_finished = is_finished
        self.is_left = is_finished
        self.evicted: dict[str, tuple[str, Sequence[int]]] | None = None
        self._sources: dict[int, Source] = {}

    @property
    def sources(self) -> Mapping[int, Source]:
        """The sources met so far, by number."""
        return self._sources

    def gives(self, identity: str, frame: Frame) -> bool:
        """Whether a record is for the destination of that identity."""
        return is_for(identity, frame, self.header.chosen)

    def read(self, position: int, identity: str) -> Chunk:
        """Spans and updates from `position` on, as many as are sent at once."""
        if self.evicted is not None:
            reason, starts = self.evicted.get(identity, ("spool_full", ()))
            return Chunk([], self.end, {reason: len(starts) - bisect_left(starts, position)})
        chunk = Chunk([], position)
        data = self._bytes(position, MOST_BYTES)
        # What is before the damage comes first.
        with suppress(DamagedError):
            self._fill(chunk, data, position)
            if chunk.end == position and len(data) >= HEAD.size:
                # A record that is larger than what is read at once, if it is not cut off.
                whole = frame_length(data)
                self._fill(
                    chunk, self._bytes(position, whole) if position + whole <= self.end else b"", position
                )
        if chunk.end == position < self.end:
            self._skip_damage(chunk, position)
        return chunk

    def _skip_damage(self, chunk: Chunk, position: int) -> None:
        """Go on behind what is no frame.

        At the end of what a killed process has left that is a record which it has not written to its end, and
        whose `end()` never returned.
        """
        found = self._next_sound(position + 1)
        if found is not None or not self.is_left:
            chunk.lost["damaged"] = chunk.lost.get("damaged", 0) + 1
        chunk.end = self.end if found is None else found

    def _next_sound(self, position: int) -> int | None:
        """Where the next frame begins whose checksum is right; None if there is none."""
        data = self._bytes(position, self.end - position)
        for start in range(len(data) - HEAD.size + 1):
            if is_sound(data, start):
                return position + start
        return None

    def frame(self, start: int, end: int) -> Frame | None:
        """One frame that was read before; None if it is gone."""
        if self.evicted is not None:
            return None
        return next(frames_in(self._bytes(start, end - start), start), None)

    def _bytes(self, position: int, most: int) -> bytes:
        return os.pread(self.fd, max(0, min(most, self.end - position)), position)

    def _fill(self, chunk: Chunk, data: bytes, position: int) -> None:
        for frame in frames_in(data, position):
            chunk.end = frame.end
            if frame.kind in _RECORDS:
                chunk.frames.append(frame)
                if len(chunk.frames) == MOST_RECORDS:
                    return
            elif frame.kind == Kind.DAMAGED:
                chunk.lost["damaged"] = chunk.lost.get("damaged", 0) + 1
            elif frame.kind == Kind.SOURCE:
                self._learn(frame)

    def _learn(self, frame: Frame) -> None:
        # Of a source that cannot be read the spans are damaged; the others are not.
        with suppress(ValueError, TypeError, IndexError):
            number, source = decode_source(frame.body)
            self._sources[number] = source

    def close(self) -> None:
        """Let go of the file, and so of the lock that says that its process lives."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1


def create_segment(folder: Path, header: Header) -> Segment:
    """A new segment, locked before others can see it. Raises OSError."""
    name = f"{header.created_ns:020d}-{header.pid}-{os.urandom(4).hex()}{SUFFIX}"
    hidden = folder / f".{name}"
    fd = os.open(hidden, OPEN_OWN | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        lock(fd)
        data = framed(Kind.HEADER, to_json(asdict(header)).encode())
        if os.write(fd, data) != len(data):
            raise OSError("no room for the header of a segment")
        hidden.rename(folder / name)
    except BaseException:
        os.close(fd)
        hidden.unlink(missing_ok=True)
        raise
    return Segment(folder / name, fd, header, end=len(data), is_finished=False)


def open_segment(path: Path, *, alive: bool = False) -> Segment | None:
    """The segment of a process that no longer lives, as it was left; None if the file is gone or is none.

    With `alive` also one whose process lives, to look at.
    """
    try:
        fd = os.open(path, OPEN_OWN)
    except OSError:
        return None
    # Shared: several processes may send one segment, each to a destination of its own.
    if alive or try_lock(fd, shared=True):
        try:
            return Segment(path, fd, read_header(fd), end=os.fstat(fd).st_size, is_finished=True)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            pass
    os.close(fd)
    return None


def read_header(fd: int) -> Header:
    """The header of an open segment. Raises ValueError or TypeError if there is none."""
    try:
        first = next(frames_in(os.pread(fd, _LOOK, 0)), None)
    except DamagedError as error:
        raise ValueError("no segment of the spool") from error
    if first is None or first.kind != Kind.HEADER:
        raise ValueError("no segment of the spool")
    return Header.decoded(first.body)
