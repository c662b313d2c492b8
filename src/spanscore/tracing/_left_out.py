"""Spans that are left out on purpose before they are anybody's to deliver, counted by reason."""

import os
import threading
from collections import Counter


class LeftOut:
    """Counts what sampling and filters leave out in this process."""

    def __init__(self) -> None:
        self._renew()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._renew)

    def _renew(self) -> None:
        # A thread that the forked child does not have may hold the lock; the counts are the parent's.
        self._lock = threading.RLock()
        self._counts: Counter[str] = Counter()

    def add(self, reason: str) -> None:
        """Count one span, "unsampled" or "filtered"."""
        with self._lock:
            self._counts[reason] += 1

    def drain(self) -> dict[str, int]:
        """What was counted since the last time.

        >>> LeftOut().drain()
        {}
        """
        with self._lock:
            counts, self._counts = self._counts, Counter()
        return dict(counts)


LEFT_OUT: LeftOut = LeftOut()
