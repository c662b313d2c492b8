"""The one place where our own errors in the user's call path are caught."""

import logging
import os
import threading
import time
from types import TracebackType

_logger = logging.getLogger("spanscore")
_LOG_EVERY_S = 60.0


class Guard:
    """Counts and logs errors of ours, each kind at most once a minute.

    `reraise` is for this library's own tests: a caught error fails them.
    """

    def __init__(self) -> None:
        self.reraise = False
        self.counts: dict[str, int] = {}
        self._drained: dict[str, int] = {}
        self._logged_at: dict[str, float] = {}
        # Reentrant: garbage collected while it is held may be a span whose end fails.
        self._lock = threading.RLock()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._renew)

    def _renew(self) -> None:
        # The lock may have been held by a thread that the child does not have; the counts are the parent's.
        self._lock = threading.RLock()
        self._drained = dict(self.counts)

    def report(self, what: str, error: Exception) -> None:
        """Take note of an error of ours in `what`, such as "recording the output of a call"."""
        now = time.monotonic()
        with self._lock:
            count = self.counts[what] = self.counts.get(what, 0) + 1
            logged_at = self._logged_at.get(what)
            due = logged_at is None or now - logged_at >= _LOG_EVERY_S
            if due:
                self._logged_at[what] = now
        if due:
            message = "spanscore failed in %s; your program is not affected (%d times so far)"
            try:
                _logger.error(message, what, count, exc_info=error)
            except Exception:  # noqa: BLE001 - a filter or handler of the program's; the error is counted
                return

    def forget(self) -> None:
        """Begin anew, as in a new process: nothing counted and nothing logged yet."""
        with self._lock:
            self.counts.clear()
            self._drained.clear()
            self._logged_at.clear()

    def drain(self) -> dict[str, int]:
        """How many errors each kind has had in this process since the last call; kinds without any left out.

        >>> Guard().drain()
        {}
        """
        with self._lock:
            counts = dict(self.counts)
            known, self._drained = self._drained, counts
        return {
            what: count - known.get(what, 0) for what, count in counts.items() if count > known.get(what, 0)
        }


guard: Guard = Guard()


class quietly:  # noqa: N801 - reads as a statement: with quietly("recording a stream"):
    """Runs our code in the user's call path: an Exception is reported to the guard and goes no further.

    Stateless, so that one object can be kept and entered any number of times, nested and from any thread.
    """

    __slots__ = ("_what",)

    def __init__(self, what: str) -> None:
        self._what = what

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        if error is None or not isinstance(error, Exception) or guard.reraise:
            return False
        guard.report(self._what, error)
        return True
