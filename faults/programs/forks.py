"""Forks children that record and end by `sys_exit` or `os_exit`; `threads` forks while threads trace."""

import os
import sys
import threading
import time

from faults.programs.recording import MARKS, SPANS, finish, one, record, start

CHILDREN = 4
CHILDREN_OF_THREADS = 10
_PATIENCE_S = 20.0
_BETWEEN_S = 0.01


def fork(spans: int, *, os_exit: bool) -> int:
    """A child that records and ends; its process id."""
    child = os.fork()
    if child:
        return child
    record(spans, seconds=0.0)
    if os_exit:
        os._exit(0)
    sys.exit(0)


def wait_for(children: list[int]) -> None:
    """Wait for the children; those that do not end in time are counted and killed."""
    deadline = time.monotonic() + _PATIENCE_S
    waiting = set(children)
    while waiting and time.monotonic() < deadline:
        waiting -= {child for child in waiting if os.waitpid(child, os.WNOHANG)[0]}
        time.sleep(0.01)
    for child in waiting:
        MARKS.count(hangs=1)
        os.kill(child, 10)  # its stacks
        time.sleep(0.3)
        os.kill(child, 9)
        os.waitpid(child, 0)


def plain(*, os_exit: bool) -> None:
    """A few children, the parent recording before, between and after."""
    each = SPANS // (2 * CHILDREN)
    children: list[int] = []
    for _ in range(CHILDREN):
        record(each, seconds=0.0)
        children.append(fork(each, os_exit=os_exit))
    record(each, seconds=0.0)
    wait_for(children)


def while_threads_trace() -> None:
    """Children of a process whose other threads are inside `start_span` at the moment of the fork."""
    stop = threading.Event()

    def trace() -> None:
        while not stop.is_set():
            one(1)

    threads = [threading.Thread(target=trace) for _ in range(4)]
    for thread in threads:
        thread.start()
    each = SPANS // (2 * CHILDREN_OF_THREADS)
    children: list[int] = []
    for number in range(CHILDREN_OF_THREADS):
        time.sleep(_BETWEEN_S)
        children.append(fork(each, os_exit=number % 2 == 0))
    stop.set()
    for thread in threads:
        thread.join()
    wait_for(children)


if __name__ == "__main__":
    start()
    if sys.argv[1] == "threads":
        while_threads_trace()
    else:
        plain(os_exit=sys.argv[1] == "os_exit")
    finish()
