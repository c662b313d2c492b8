"""Spans that end when the interpreter is ending: `atexit`, `del`, `thread` (a daemon), or `never`."""

import atexit
import sys
import threading

from faults.programs.recording import SPANS, finish, one, record, start


class Finalised:
    """Makes spans when it is collected, as late as the interpreter does so."""

    def __init__(self, spans: int) -> None:
        self._spans = spans
        # What a module holds may be gone by then.
        self._one = one

    def __del__(self) -> None:
        for number in range(self._spans):
            self._one(number)


def forever() -> None:
    """Make spans until the interpreter stops this thread."""
    while True:
        one(1)


if __name__ == "__main__":
    half = SPANS // 2
    if sys.argv[1] == "atexit":
        # Registered before recording is switched on, hence called after our own.
        atexit.register(record, half, seconds=0.0)
    start()
    record(half)
    if sys.argv[1] == "del":
        kept_to_the_end = Finalised(half)
    if sys.argv[1] == "thread":
        threading.Thread(target=forever, daemon=True).start()
    if sys.argv[1] == "never":
        threading.Event().wait()
    finish()
