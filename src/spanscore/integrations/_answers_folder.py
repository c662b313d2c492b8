"""Answers of providers in a folder, a file each, shared by any number of processes."""

import os
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, cast

import msgpack  # pyright: ignore[reportMissingTypeStubs] - it has none

MAX_BYTES: Final = 1 << 30
"""Of all files together."""

MAX_AGE_S: Final = 30 * 86400.0
"""Since the last use."""

_msgpack: Any = msgpack
_DIGEST_BYTES: Final = 32
_SUFFIX: Final = ".answer"
_LEFT_OVER_S: Final = 3600.0
_TRIM_AFTER: Final = 1 / 16
_TRIM_TO: Final = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer as it came over the wire: the body in the pieces in which it came, still encoded."""

    status: int
    headers: Sequence[tuple[bytes, bytes]]
    parts: Sequence[bytes]
    version: bytes = b"HTTP/1.1"
    reason: bytes = b""


class AnswersFolder:
    """Keeps answers under keys of hexadecimal digits; who uses one keeps it from being the oldest.

    A file is complete or not there, and one that has been damaged counts as not there. Files go, those not
    used for longest first, when together they are larger than `max_bytes`, or unused for `max_age_s`.
    Raises OSError where the folder cannot be made.
    """

    def __init__(self, path: Path, *, max_bytes: int = MAX_BYTES, max_age_s: float = MAX_AGE_S) -> None:
        self._path = path
        self._max_bytes = max_bytes
        self._max_age_s = max_age_s
        self._written = 0
        path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def get(self, key: str) -> Answer | None:
        """The answer under the key; None if there is none, or none that can be used."""
        place = self._place(key)
        try:
            if time.time() - place.stat().st_mtime > self._max_age_s:
                return None
            content = place.read_bytes()
        except OSError:
            return None
        answer = _unpacked(content)
        with suppress(OSError):
            if answer is None:
                place.unlink()
            else:
                os.utime(place)
        return answer

    def put(self, key: str, answer: Answer) -> None:
        """Keep an answer, in the place of one that is there. Raises OSError where that cannot be written."""
        place = self._place(key)
        place.parent.mkdir(mode=0o700, exist_ok=True)
        content = _packed(answer)
        draft = place.with_name(f"{uuid.uuid4().hex}.draft")
        try:
            draft.touch(mode=0o600)
            draft.write_bytes(content)
            draft.replace(place)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        self._written += len(content)
        if self._written > self._max_bytes * _TRIM_AFTER:
            self.trim()

    def trim(self) -> None:
        """Remove what is too old, then the oldest until nine tenths of the room are enough."""
        self._written = 0
        now = time.time()
        kept: list[tuple[float, int, str]] = []
        for used_at, size, path in self._files():
            is_answer = path.endswith(_SUFFIX)
            if now - used_at > (self._max_age_s if is_answer else _LEFT_OVER_S):
                _remove(path)
            elif is_answer:
                kept.append((used_at, size, path))
        total = sum(size for _, size, _ in kept)
        if total <= self._max_bytes:
            return
        for _, size, path in sorted(kept):
            if total <= self._max_bytes * _TRIM_TO:
                return
            _remove(path)
            total -= size

    def _place(self, key: str) -> Path:
        return self._path / key[:2] / f"{key}{_SUFFIX}"

    def _files(self) -> Iterator[tuple[float, int, str]]:
        for folder in _entries(self._path):
            if len(folder.name) == 2 and folder.is_dir(follow_symlinks=False):
                for entry in _entries(folder.path):
                    with suppress(OSError):
                        told = entry.stat(follow_symlinks=False)
                        yield told.st_mtime, told.st_size, entry.path


def _entries(path: Path | str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(path) as found:
            return list(found)
    except OSError:
        return []


def _remove(path: str) -> None:
    # Another process may have been faster.
    with suppress(OSError):
        os.unlink(path)


def _packed(answer: Answer) -> bytes:
    told = (answer.status, answer.headers, answer.parts, answer.version, answer.reason)
    content = cast("bytes", _msgpack.packb(told))
    return sha256(content).digest() + content


def _unpacked(content: bytes) -> Answer | None:
    digest, packed = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
    if sha256(packed).digest() != digest:
        return None
    status, headers, parts, version, reason = _msgpack.unpackb(packed, use_list=False)
    return Answer(status=status, headers=headers, parts=parts, version=version, reason=reason)
