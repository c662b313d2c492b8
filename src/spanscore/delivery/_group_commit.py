"""The thread that writes out a window of records."""

import threading
from collections.abc import Callable


class GroupCommit:
    """Calls `write_out` at most `window_s` seconds after it was notified first."""

    def __init__(self, write_out: Callable[[], None], window_s: float) -> None:
        self._write_out = write_out
        self._window_s = window_s
        self._due = threading.Event()
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def notify(self) -> bool:
        """A record waits; False if no thread can be had any more, so that it must be written at once."""
        self._due.set()
        if self._thread is not None:
            return self._thread.is_alive()
        self._over.clear()
        self._thread = threading.Thread(target=self._run, name="spanscore-window", daemon=True)
        try:
            self._thread.start()
        except RuntimeError:
            # The interpreter is shutting down.
            return False
        return True

    def end(self, wait_s: float = 0.0) -> None:
        """End the thread, and wait for that so long; what is notified later starts another."""
        thread, self._thread = self._thread, None
        self._due.set()
        self._over.set()
        if thread is not None and wait_s and thread.is_alive():
            thread.join(wait_s)

    def _run(self) -> None:
        while self._thread is threading.current_thread():
            self._due.wait()
            self._over.wait(self._window_s)
            self._due.clear()
            self._write_out()
