"""The ledger: what did not arrive, counted by destination and reason, over all processes of a spool."""

import os
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Final

from spanscore._json import to_json
from spanscore.delivery._json_lines import append_lines, json_lines, open_to_append
from spanscore.delivery._locks import OPEN_OWN, lock, try_lock

FILE: Final = "ledger.jsonl"
_MOST_BYTES: Final = 1 << 20
_MOST_WAIT_S: Final = 1.0
_LOOK_S: Final = 0.005


class Ledger:
    """Adds up in memory, and appends lines of JSON to a file that all processes share.

    Who appends holds a shared lock on the file. Who finds it large and nobody at it puts a file with the sums
    in its place; who has opened the one before opens anew.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._lock = threading.RLock()
        self._unwritten: Counter[tuple[str, str]] = Counter()

    def renew(self) -> None:
        """Begin anew in a forked child: what is not written yet is the parent's."""
        self._lock = threading.RLock()
        self._unwritten = Counter()

    def add(self, destination: str, reason: str, count: int) -> None:
        """Count records that a destination did not get; `write` makes it last."""
        if count:
            with self._lock:
                self._unwritten[destination, reason] += count

    def write(self) -> None:
        """Append what was added since the last time; what cannot be written now stays for the next."""
        with self._lock:
            if not self._unwritten:
                return
            counted, self._unwritten = self._unwritten, Counter()
            try:
                self._append(counted)
            except OSError:
                self._unwritten.update(counted)

    def totals(self) -> dict[str, dict[str, int]]:
        """Counts by destination and reason, of all processes, as far as they are written."""
        totals: dict[str, dict[str, int]] = {}
        for (destination, reason), count in sorted(_read(self._path).items()):
            totals.setdefault(destination, {})[reason] = count
        return totals

    def _append(self, counted: Counter[tuple[str, str]]) -> None:
        until = time.monotonic() + _MOST_WAIT_S
        while not self._appended(counted, until):
            pass

    def _appended(self, counted: Counter[tuple[str, str]], until: float) -> bool:
        """Append to the file of now; False if there is another by now. Raises OSError."""
        fd = open_to_append(self._path)
        try:
            is_alone = os.fstat(fd).st_size > _MOST_BYTES and try_lock(fd)
            if not is_alone:
                _lock_shared(fd, until)
            if not _is_at(self._path, fd):
                return False
            if is_alone:
                self._replace(counted + _read(self._path))
            else:
                append_lines(fd, b"".join(map(_line, counted.items())))
        finally:
            os.close(fd)
        return True

    def _replace(self, counted: Counter[tuple[str, str]]) -> None:
        """Put a file of these counts alone in the place of the one there is."""
        new = self._path.with_name(f".{FILE}.{os.getpid()}-{os.urandom(4).hex()}")
        fd = os.open(new, OPEN_OWN | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            append_lines(fd, b"".join(map(_line, counted.items())))
            os.fsync(fd)
            new.replace(self._path)
        except BaseException:
            new.unlink(missing_ok=True)
            raise
        finally:
            os.close(fd)


def _lock_shared(fd: int, until: float) -> None:
    """Wait for whoever replaces the file, which takes milliseconds. Raises OSError if it takes too long."""
    while not _may_append(fd):
        if time.monotonic() > until:
            raise TimeoutError("another process has locked the ledger")
        time.sleep(_LOOK_S)


def _may_append(fd: int) -> bool:
    try:
        lock(fd, shared=True)
    except BlockingIOError:
        return False
    except OSError:
        # There are no locks here, and so nobody who replaces it.
        return True
    return True


def _is_at(path: Path, fd: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(fd))
    except FileNotFoundError:
        return False


def _line(item: tuple[tuple[str, str], int]) -> bytes:
    (destination, reason), count = item
    line = {"at": time.time_ns(), "destination": destination, "reason": reason, "count": count}
    return to_json(line).encode() + b"\n"


def _read(path: Path) -> Counter[tuple[str, str]]:
    totals: Counter[tuple[str, str]] = Counter()
    for entry in json_lines(path):
        count = entry.get("count")
        if isinstance(count, int):
            totals[str(entry.get("destination")), str(entry.get("reason"))] += count
    return totals
