"""The thread that writes out a window of records."""

import threading
from collections.abc import Callable
from time import sleep


class GroupCommit:
    """Calls `write_out` at most `window_s` seconds after it was notified first."""

    def __init__(self, write_out: Callable[[], None], window_s: float) -> None:
        self._write_out = write_out
        self._window_s = window_s
        self._due = threading.Event()
        self._thread: threading.Thread | None = None

    def notify(self) -> bool:
        """A record waits; False if no thread can be had any more, so that it must be written at once."""
        self._due.set()
        if self._thread is not None:
            return self._thread.is_alive()
        self._thread = threading.Thread(target=self._run, name="spanscore-window", daemon=True)
        try:
            self._thread.start()
        except RuntimeError:
            # The interpreter is shutting down.
            return False
        return True

    def _run(self) -> None:
        while True:
            self._due.wait()
            sleep(self._window_s)
            self._due.clear()
            self._write_out()
