"""How records lie in a segment: one after the other, each with its length, its checksum and its kind."""

from collections.abc import Callable, Iterable, Iterator
from enum import IntEnum
from struct import Struct
from typing import Final, NamedTuple, cast

from google_crc32c import extend  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

HEAD: Final = Struct("<IIB")
"""Length of the body, CRC-32C of kind and body, kind."""

# That of the processor: for a megabyte a sixth of the time that zlib's other polynomial takes.
_checksum: Final = cast("Callable[[int, bytes], int]", extend)

MAX_BODY: Final = 1 << 30
"""A length above this is damage, not data."""

LOCAL_ONLY: Final = 0x10
"""Flag of a record that only the embedded store takes: its container exists nowhere else."""

UNDECIDED: Final = 0x20
"""Flag of a span whose trace tail sampling has yet to decide on."""

IN_PARTS: Final = 0x40
"""Flag of a span whose long texts stand behind the rest."""

ALSO_LOCAL: Final = 0x80
"""Flag of a record that the embedded store takes besides those who take every record."""

_KIND: Final = 0x0F


class Kind(IntEnum):
    """What a frame holds."""

    HEADER = 0
    SOURCE = 1
    SPAN = 2
    UPDATE = 3
    DAMAGED = 15


_LAST_KIND: Final = int(Kind.UPDATE)


class Frame(NamedTuple):
    """One record as bytes; `start` and `end` are positions in its log."""

    kind: int
    flags: int
    body: bytes
    start: int
    end: int


def framed(kind: int, body: bytes) -> bytes:
    """The frame of a body; `kind` may carry flags."""
    return HEAD.pack(len(body), _checksum(kind, body), kind) + body


def head_of(kind: int, parts: Iterable[bytes]) -> bytes:
    """The beginning of the frame of a body in parts, which are to follow it."""
    checksum, length = kind, 0
    for part in parts:
        checksum = _checksum(checksum, part)
        length += len(part)
    return HEAD.pack(length, checksum, kind)


class DamagedError(Exception):
    """The bytes at `position` are no frame, and nothing after them can be found again."""

    def __init__(self, position: int) -> None:
        super().__init__(f"no frame at {position}")
        self.position = position


def frame_length(data: bytes, start: int = 0) -> int:
    """Bytes of the frame that starts at `start`, head included. Raises DamagedError if there is none."""
    length, _, kind = HEAD.unpack_from(data, start)
    if not _is_plausible(length, kind):
        raise DamagedError(start)
    return HEAD.size + length


def _is_plausible(length: int, kind: int) -> bool:
    return length <= MAX_BODY and kind & _KIND <= _LAST_KIND


def is_sound(data: bytes, start: int) -> bool:
    """True if a whole frame with the right checksum begins at `start`."""
    length, checksum, kind = HEAD.unpack_from(data, start)
    begin = start + HEAD.size
    if not _is_plausible(length, kind) or begin + length > len(data):
        return False
    return _checksum(kind, data[begin : begin + length]) == checksum


def frames_in(data: bytes, base: int = 0) -> Iterator[Frame]:
    """Whole frames in `data`, which starts at position `base` of its log.

    One whose checksum is wrong comes as DAMAGED, without its body. Ends before a frame that is not whole.
    Raises DamagedError where no frame can be.
    """
    start = 0
    while start + HEAD.size <= len(data):
        length, checksum, kind = HEAD.unpack_from(data, start)
        if not _is_plausible(length, kind):
            raise DamagedError(base + start)
        end = start + HEAD.size + length
        if end > len(data):
            return
        body = data[start + HEAD.size : end]
        if _checksum(kind, body) == checksum:
            yield Frame(kind & _KIND, kind & ~_KIND, body, base + start, base + end)
        else:
            yield Frame(Kind.DAMAGED, 0, b"", base + start, base + end)
        start = end
