"""A lock that a fork waits for, so that no child begins while a thread that it does not have is at work."""

import os
import threading
import weakref
from collections.abc import Callable
from types import TracebackType
from typing import Final

_WAIT_S: Final = 1.0


def _nothing() -> None:
    return None


class ForkLock:
    """A mutex, free in a forked child. `before_fork` is called with it held, in whoever forks.

    SQLite has locks of its own, which a child would inherit as they are and wait for for ever. A fork
    therefore waits until nobody is in SQLite, at most a second. `was_missed` says, in a child, that this was
    not long enough.
    """

    def __init__(self, before_fork: Callable[[], None] = _nothing) -> None:
        self._lock = threading.Lock()
        self._is_held_for_fork = False
        self._before_fork = before_fork
        self.was_missed = False
        if hasattr(os, "register_at_fork"):
            this = weakref.ref(self)
            os.register_at_fork(
                before=lambda: (lock := this()) and lock.wait_for_fork(),
                after_in_parent=lambda: (lock := this()) and lock.go_on(),
                after_in_child=lambda: (lock := this()) and lock.renew(),
            )

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._lock.release()

    def wait_for_fork(self) -> None:
        """Hold the lock while the process forks."""
        if self._lock.acquire(timeout=_WAIT_S):
            self._is_held_for_fork = True
            self._before_fork()

    def go_on(self) -> None:
        """Free it again in the parent."""
        if self._is_held_for_fork:
            self._is_held_for_fork = False
            self._lock.release()

    def renew(self) -> None:
        """A free one for the child."""
        self.was_missed = self.was_missed or not self._is_held_for_fork
        self._is_held_for_fork = False
        self._lock = threading.Lock()
