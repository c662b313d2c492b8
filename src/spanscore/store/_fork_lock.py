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
    """A mutex, free in a forked child.

    `before_fork` is called with it held, in whoever forks; `in_child` in the child.

    SQLite has locks of its own, which a child would inherit as they are and wait for for ever. A fork
    therefore waits until nobody is in SQLite, at most a second. `was_missed` says, in a child, that this was
    not long enough, or that `before_fork` failed.
    """

    def __init__(
        self,
        before_fork: Callable[[], object] = _nothing,
        in_child: Callable[[], object] = _nothing,
    ) -> None:
        self._lock = threading.Lock()
        self._forking: int | None = None
        self._is_ready = False
        self._before_fork = before_fork
        self._in_child = in_child
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
            # Several threads may fork at once: only the one that holds it may free it.
            self._forking = threading.get_ident()
            self._before_fork()
            self._is_ready = True

    def go_on(self) -> None:
        """Free it again in the parent."""
        if self._forking == threading.get_ident():
            self._forking, self._is_ready = None, False
            self._lock.release()

    def renew(self) -> None:
        """A free one for the child."""
        # Whichever thread it is that made it ready: nobody was in SQLite when the child came to be.
        self.was_missed = self.was_missed or not self._is_ready
        self._forking, self._is_ready = None, False
        self._lock = threading.Lock()
        self._in_child()
