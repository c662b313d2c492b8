"""Records, and ends as its argument says."""

import os
import signal
import sys
from collections.abc import Callable

import spanscore
from faults.programs.recording import SPANS, finish, record, start


def normal() -> None:
    """The end of the file."""
    record()
    finish()


def sys_exit() -> None:
    """`sys.exit` in the middle."""
    record(SPANS // 2)
    with spanscore.start_span("open when the program exits"):
        finish()
        sys.exit(3)


def exception() -> None:
    """An exception that nobody handles."""
    record()
    with spanscore.start_span("open when the exception comes"):
        finish()
        raise ValueError("nobody handles this")


def sigterm() -> None:
    """Terminated without a handler."""
    record()
    finish()
    os.kill(os.getpid(), signal.SIGTERM)


def sigterm_handled() -> None:
    """Terminated, with a handler that exits."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(5))
    record()
    finish()
    os.kill(os.getpid(), signal.SIGTERM)


def sigkill() -> None:
    """Killed."""
    record()
    finish()
    os.kill(os.getpid(), signal.SIGKILL)


def sigint() -> None:
    """Ctrl-C."""
    record()
    finish()
    os.kill(os.getpid(), signal.SIGINT)


def os_exit() -> None:
    """Gone without the interpreter's own end."""
    record()
    finish()
    os._exit(4)


ENDS: tuple[Callable[[], None], ...] = (
    normal,
    sys_exit,
    exception,
    sigint,
    sigterm,
    sigterm_handled,
    sigkill,
    os_exit,
)

if __name__ == "__main__":
    start()
    next(end for end in ENDS if end.__name__ == sys.argv[1])()
