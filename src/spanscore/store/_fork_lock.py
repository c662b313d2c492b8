"""A lock that a fork waits for, so that no child begins while a thread that it does not have is at work."""

import os
import threading
import weakref
from types import TracebackType
from typing import Final

_WAIT_S: Final = 1.0


class ForkLock:
    """A mutex, free in a forked child.

    SQLite has locks of its own, which a child would inherit as they are and wait for for ever. A fork
    therefore waits until nobody is in SQLite, at most a second.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_held_for_fork = False
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
        self._is_held_for_fork = self._lock.acquire(timeout=_WAIT_S)

    def go_on(self) -> None:
        """Free it again in the parent."""
        if self._is_held_for_fork:
            self._is_held_for_fork = False
            self._lock.release()

    def renew(self) -> None:
        """A free one for the child."""
        self._is_held_for_fork = False
        self._lock = threading.Lock()
