"""Spans that end inside of spanscore itself: in the handler of a signal, or in a finaliser.

`signal` sets the timer after the first span, `first` before it; `garbage` ends spans where garbage collection
finds them.
"""

import gc
import signal
import sys
from typing import Any

import spanscore
from faults.programs.recording import MARKS, SPANS, finish, one, record, start

_EVERY_S = 0.0005


class Ends:
    """One of a circle that garbage collection finds: its span ends when it does.

    The span is not made current: until Python 3.12 a context variable that is set in a finaliser, while it is
    being set outside, ends the interpreter.
    """

    def __init__(self) -> None:
        self.itself = self
        self._span = spanscore.start_span("ended by garbage collection")
        self._mark = MARKS.mark

    def __del__(self) -> None:
        self._span.end()
        self._mark(self._span.root_span_id, self._span.id)


def with_signals() -> None:
    """A timer's handler makes spans while the program makes others."""
    signal.signal(signal.SIGALRM, lambda number, frame: one(0))
    signal.setitimer(signal.ITIMER_REAL, _EVERY_S, _EVERY_S)
    record()
    signal.setitimer(signal.ITIMER_REAL, 0)


def after_the_first() -> None:
    """The same, with one span made before."""
    one()
    with_signals()


def with_garbage() -> None:
    """Collections as often as can be, each with spans to end."""
    gc.set_threshold(10)

    def each(number: int) -> None:
        Ends()
        one(number)

    record(SPANS // 2, each=each)


if __name__ == "__main__":
    start()
    ways: dict[str, Any] = {"signal": after_the_first, "first": with_signals, "garbage": with_garbage}
    ways[sys.argv[1]]()
    finish()
