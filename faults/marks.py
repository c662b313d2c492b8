"""What a program has finished: one record a span, in a file that outlives the program.

A record is written into mapped memory after `end()` has returned, so that it is there even if the program is
killed in the next instruction. Every process has a file of its own; a forked child opens another.
"""

import mmap
import os
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

_HEADER = struct.Struct("<QQQd")
_HEADER_BYTES = 64
_RECORD_BYTES = 32
_IDS = struct.Struct("<16s8s")
_FINISHED = 1
_REFUSED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """What the processes of a program have left: ids of finished spans, and what they count themselves.

    `refused` are the finished spans that the sink will never take. `last_statement` is the monotonic time
    of the last statement of the process that came to it last, 0.0 if none did.
    """

    finished: frozenset[str]
    refused: frozenset[str]
    exceptions: int
    hangs: int
    strangers: int
    last_statement: float


class Marks:
    """The marks of this process, in `folder`; room for `capacity` spans, which costs nothing until used."""

    def __init__(self, folder: Path, *, capacity: int = 200_000) -> None:
        self._folder = folder
        self._capacity = capacity
        self._open()

    def _open(self) -> None:
        self._pid = os.getpid()
        self._slots = count()
        self._exceptions = self._hangs = self._strangers = 0
        self._last_statement = 0.0
        path = self._folder / f"{self._pid}-{time.monotonic_ns()}"
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        size = _HEADER_BYTES + self._capacity * _RECORD_BYTES
        os.ftruncate(descriptor, size)
        self._file = mmap.mmap(descriptor, size)
        os.close(descriptor)
        # Readers find it by this name: whole, or not yet.
        path.rename(path.with_suffix(".marks"))

    def mark(self, root_span_id: str, span_id: str, *, is_refused: bool = False) -> None:
        """Say that this span's `end()` has returned."""
        if os.getpid() != self._pid:
            self._open()
        start = _HEADER_BYTES + next(self._slots) * _RECORD_BYTES
        _IDS.pack_into(self._file, start, bytes.fromhex(root_span_id), bytes.fromhex(span_id))
        self._file[start + _RECORD_BYTES - 1] = _REFUSED if is_refused else _FINISHED

    def count(self, *, exceptions: int = 0, hangs: int = 0, strangers: int = 0) -> None:
        """Add to what the program counts: exceptions of ours, hung children, spans of our own I/O."""
        if os.getpid() != self._pid:
            self._open()
        self._exceptions += exceptions
        self._hangs += hangs
        self._strangers += strangers
        self._write_header()

    def last_statement(self) -> None:
        """Say that the program's own code ends here."""
        if os.getpid() != self._pid:
            self._open()
        self._last_statement = time.monotonic()
        self._write_header()

    def _write_header(self) -> None:
        counts = self._exceptions, self._hangs, self._strangers
        _HEADER.pack_into(self._file, 0, *counts, self._last_statement)


def read_marks(folder: Path) -> Marked:
    """What all processes that marked in `folder` have left."""
    finished: set[str] = set()
    refused: set[str] = set()
    headers = [(0, 0, 0, 0.0)]
    for path in sorted(folder.glob("*.marks")):
        with _mapped(path) as content:
            headers.append(_HEADER.unpack_from(content))
            for span, flag in _records(content):
                (refused if flag == _REFUSED else finished).add(span)
    exceptions, hangs, strangers = (sum(header[column] for header in headers) for column in range(3))
    return Marked(
        finished=frozenset(finished),
        refused=frozenset(refused),
        exceptions=int(exceptions),
        hangs=int(hangs),
        strangers=int(strangers),
        last_statement=max(header[3] for header in headers),
    )


def count_marks(folder: Path) -> int:
    """How many spans are marked by now."""
    total = 0
    for path in folder.glob("*.marks"):
        with _mapped(path) as content:
            total += sum(1 for _ in _records(content))
    return total


def _mapped(path: Path) -> mmap.mmap:
    """The file's content; what nobody has written in it is not read."""
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _records(content: mmap.mmap) -> Iterator[tuple[str, int]]:
    """The spans of a file, as `trace/span` in hexadecimal digits, with their flags."""
    # A slot may be empty, its thread having died before it wrote; a thousand in a row are the end.
    empty = 0
    for start in range(_HEADER_BYTES, len(content), _RECORD_BYTES):
        flag = content[start + _RECORD_BYTES - 1]
        if flag:
            empty = 0
            yield f"{content[start : start + 16].hex()}/{content[start + 16 : start + 24].hex()}", flag
        elif (empty := empty + 1) > 1000:
            return
