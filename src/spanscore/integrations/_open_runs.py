"""The runs of a framework that have begun and not ended, by the framework's own ids."""

import os
import threading
from collections.abc import Hashable
from typing import Final, Generic, Protocol, TypeVar

from spanscore import tracing

_MOST: Final = 10_000
_giving_up = tracing.quietly("giving up a run that never ended")


class Endable(Protocol):
    """A run, as far as it matters here."""

    def end(self) -> None: ...


_Run = TypeVar("_Run", bound=Endable)


class OpenRuns(Generic[_Run]):
    """At most `most` runs: beyond that the oldest is ended as it stands, since frameworks forget some.

    Safe to use from several threads.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._runs: dict[Hashable, _Run] = {}
        # Reentrant: what is collected while it is held may be a stream whose end ends a run.
        self._lock = threading.RLock()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._begin_anew)

    def _begin_anew(self) -> None:
        # The lock may have been held by a thread that the child does not have; the runs are the parent's.
        self._lock = threading.RLock()
        self._runs = {}

    def __len__(self) -> int:
        return len(self._runs)

    def __contains__(self, key: Hashable) -> bool:
        return key in self._runs

    def put(self, key: Hashable, run: _Run) -> None:
        """Keep a run that has begun."""
        with self._lock:
            self._runs[key] = run
            if len(self._runs) <= self._most:
                return
            oldest = self._runs.pop(next(iter(self._runs)))
        with _giving_up:
            oldest.end()

    def get(self, key: Hashable) -> _Run | None:
        """The run, if it has begun and not ended."""
        return self._runs.get(key)

    def pop(self, key: Hashable) -> _Run | None:
        """The run, which ends now."""
        with self._lock:
            return self._runs.pop(key, None)

    def end_all(self) -> None:
        """End what is left, the newest first."""
        with self._lock:
            left = list(self._runs.values())
            self._runs.clear()
        for run in reversed(left):
            with _giving_up:
                run.end()
