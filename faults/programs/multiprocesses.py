"""Records in processes of multiprocessing, started by the method its argument names."""

import multiprocessing
import sys
from typing import Any

from faults.programs.recording import MARKS, SPANS, finish, record, start

PROCESSES = 4


def work(spans: int) -> None:
    """What a process does; one that has not inherited the recording switches its own on."""
    start()
    record(spans, seconds=0.0)


def inherited(spans: int) -> None:
    """What a forked process does: the recording of its parent goes on."""
    record(spans, seconds=0.0)


if __name__ == "__main__":
    start()
    context: Any = multiprocessing.get_context(sys.argv[1])
    record(SPANS // 2, seconds=0.0)
    each = SPANS // (2 * PROCESSES)
    target = inherited if sys.argv[1] == "fork" else work
    processes = [context.Process(target=target, args=(each,)) for _ in range(PROCESSES)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(20.0)
        if process.is_alive():
            MARKS.count(hangs=1)
            process.kill()
    finish()
