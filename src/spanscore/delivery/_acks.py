"""How far a destination has taken a segment: eight bytes in a file beside it."""

import os
from hashlib import sha256
from pathlib import Path
from struct import Struct
from typing import Final

from spanscore.delivery._locks import OPEN_OWN, try_lock

SUFFIX: Final = ".ack"
_POSITION: Final = Struct("<Q")


class Acknowledgement:
    """The position up to which one destination has taken one segment.

    Written after the destination has answered, so that a crash means sending again, never losing. Who holds
    its lock is the one who sends the segment to this destination.
    """

    def __init__(self, fd: int, path: Path) -> None:
        self._fd = fd
        self._path = path
        self.position = _read(fd)

    def advance(self, position: int) -> None:
        """Remember that everything before `position` is safe at the destination."""
        os.pwrite(self._fd, _POSITION.pack(position), 0)
        self.position = position

    def close(self) -> None:
        """Let go of the file and its lock."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def ack_path(segment: Path, identity: str) -> Path:
    """The file that says how far `identity` has taken the segment."""
    return segment.with_suffix(f".{sha256(identity.encode()).hexdigest()[:12]}{SUFFIX}")


def take_acknowledgement(segment: Path, identity: str) -> Acknowledgement | None:
    """The acknowledgement, locked; None if another sender has it, or the segment is gone meanwhile."""
    path = ack_path(segment, identity)
    fd = os.open(path, OPEN_OWN | os.O_CREAT, 0o600)
    if not try_lock(fd):
        os.close(fd)
        return None
    if not segment.exists():
        # Its last sender has removed it, under this lock; the file is one that we have just made.
        path.unlink(missing_ok=True)
        os.close(fd)
        return None
    return Acknowledgement(fd, path)


def acknowledged(segment: Path, identity: str) -> int:
    """How far a destination has taken a segment, as far as its file says."""
    try:
        fd = os.open(ack_path(segment, identity), os.O_RDONLY)
    except OSError:
        return 0
    try:
        return _read(fd)
    finally:
        os.close(fd)


def _read(fd: int) -> int:
    data = os.pread(fd, _POSITION.size, 0)
    return _POSITION.unpack(data)[0] if len(data) == _POSITION.size else 0
