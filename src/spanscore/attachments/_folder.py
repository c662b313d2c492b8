"""The folder within the spool where bytes wait that rows refer to."""

import os
import shutil
import stat
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import IO, Final

from spanscore.wire.attachments import is_key, key_of

_PIECE: Final = 1 << 20
_TIDY_EVERY_S: Final = 3_600.0
_UNFINISHED_S: Final = 86_400.0
"""A file that is still being written after a day never will be."""


class AttachmentFolder:
    """Files named by what is in them: the same bytes lie there once, whoever puts them and how often.

    Several processes may use it at once. `sweep` removes what has not been put for `max_age_s` seconds, and
    the oldest of what is more than `max_bytes` in all.
    """

    def __init__(self, folder: Path, *, max_bytes: int, max_age_s: float) -> None:
        self.folder = folder
        self._max_bytes = max_bytes
        self._max_age_s = max_age_s
        self._sweep_at = 0.0

    def put(self, content: bytes | bytearray) -> str:
        """The key of bytes that are in the folder from now on. Raises OSError."""
        key = key_of(sha256(content).digest())
        if not self._renewed(key):
            with self._new_file() as (file, path):
                file.write(content)
                file.flush()
                path.rename(self.folder / key)
        return key

    def put_file(self, path: str) -> str:
        """The same for a copy of a file as it is now. Raises OSError, also for what is no file, as a pipe."""
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise OSError(f"no file: {path!r}")
        digest = sha256()
        with open(path, "rb") as given, self._new_file() as (file, unfinished):
            while piece := given.read(_PIECE):
                digest.update(piece)
                file.write(piece)
            file.flush()
            key = key_of(digest.digest())
            if not self._renewed(key):
                unfinished.rename(self.folder / key)
        return key

    def path(self, key: str) -> Path | None:
        """The file of a key; None if there is none, or if it is no key."""
        if not is_key(key):
            return None
        path = self.folder / key
        return path if path.is_file() and not path.is_symlink() else None

    def sweep(self, *, now: float | None = None) -> None:
        """Remove what is too old or too much, at most once an hour; `now` is Unix seconds."""
        now = time.time() if now is None else now
        if now < self._sweep_at:
            return
        self._sweep_at = now + _TIDY_EVERY_S
        found = sorted(self._files())
        total = sum(size for _, size, _ in found)
        for modified, size, path in found:
            is_dead = path.name.startswith(".") and now - modified > _UNFINISHED_S
            if is_dead or now - modified > self._max_age_s or total > self._max_bytes:
                total -= size
                with suppress(OSError):
                    path.unlink()

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        with suppress(OSError):
            for entry in os.scandir(self.folder):
                with suppress(OSError):
                    told = entry.stat(follow_symlinks=False)
                    yield told.st_mtime, told.st_size, Path(entry.path)

    def _renewed(self, key: str) -> bool:
        """True if the bytes are there; their age begins anew."""
        try:
            os.utime(self.folder / key)
        except OSError:
            return False
        return True

    @contextmanager
    def _new_file(self) -> Generator[tuple[IO[bytes], Path]]:
        """A file under a name that nobody looks for, to be renamed when it is whole; else it is removed."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.folder / f".{os.getpid()}-{os.urandom(8).hex()}"
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(fd, "wb") as file:
            try:
                yield file, path
            finally:
                with suppress(FileNotFoundError):
                    path.unlink()


def linked(source: Path, target: Path) -> None:
    """Have the file `source` also lie at `target`, by a link or where there are none as a copy.

    A file that is there is left as it is. Raises OSError.
    """
    if target.exists():
        return
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.link(source, target)
        return
    except FileExistsError:
        return
    except FileNotFoundError:
        raise
    except OSError:
        copy = target.with_name(f".{os.getpid()}-{os.urandom(8).hex()}")
    try:
        shutil.copyfile(source, copy)
        copy.rename(target)
    except BaseException:
        copy.unlink(missing_ok=True)
        raise
