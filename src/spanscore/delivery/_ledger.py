"""The ledger: what did not arrive, counted by destination and reason, over all processes of a spool."""

import os
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Final

from spanscore._json import to_json
from spanscore.delivery._json_lines import append_lines, json_lines, open_to_append
from spanscore.delivery._locks import try_lock

FILE: Final = "ledger.jsonl"
_MOST_BYTES: Final = 1 << 20


class Ledger:
    """Adds up in memory, and appends lines of JSON to a file that all processes share."""

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
        fd = open_to_append(self._path)
        try:
            if os.fstat(fd).st_size > _MOST_BYTES and try_lock(fd):
                counted = counted + _read(self._path)
                os.ftruncate(fd, 0)
            append_lines(fd, b"".join(map(_line, counted.items())))
        finally:
            os.close(fd)


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
