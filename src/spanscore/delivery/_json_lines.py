"""Files of JSON lines that several processes append to."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from spanscore._json import from_json
from spanscore.delivery._locks import OPEN_OWN


def open_to_append(path: Path) -> int:
    """A file descriptor that appends; the file is made, readable by its owner alone. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.open(path, OPEN_OWN | os.O_APPEND | os.O_CREAT, 0o600)


def append_lines(fd: int, lines: bytes) -> None:
    """Append whole lines, on a new line if the last one was cut off. Raises OSError if not all fit."""
    size = os.fstat(fd).st_size
    data = lines if size == 0 or os.pread(fd, 1, size - 1) == b"\n" else b"\n" + lines
    if os.write(fd, data) != len(data):
        raise OSError("the disk took only a part of the lines")


def json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file; lines that are none, cut off by a process that was killed, are left out."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError:
        return
    for line in lines:
        found = _object(line)
        if found is not None:
            yield found


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        value: Any = from_json(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None  # pyright: ignore[reportUnknownVariableType]
