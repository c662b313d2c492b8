"""Work in a forked child, for tests of what a fork leaves behind."""

import os
import signal
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any


def exit_status(work: Callable[[], object]) -> int:
    """0 if `work` returned in a forked child, 1 if it raised, below 0 if it hung."""
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        try:
            work()
        except BaseException:  # noqa: BLE001 - nothing of the test session may go on in the child
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@contextmanager
def held(lock: Any) -> Generator[None, None, None]:
    """`lock` held by another thread, which a forked child does not have."""
    taken, over = threading.Event(), threading.Event()

    def hold() -> None:
        with lock:
            taken.set()
            over.wait(60)

    holder = threading.Thread(target=hold, daemon=True)
    holder.start()
    taken.wait(60)
    try:
        yield
    finally:
        over.set()
        holder.join()
