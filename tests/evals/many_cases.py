"""An eval of many generated cases, run by `spanscore eval` from tests; it ends itself where it is told to.

CASES says how many cases there are, END_AT which call of the task kills the process.
"""

import itertools
import os
import resource
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from spanscore import Eval

_calls = itertools.count(1)
_peaks: list[int] = []


def _peak_kb() -> int:
    """The most memory that this program has had; on Linux `ru_maxrss` may be that of whoever started it."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1024 if sys.platform == "darwin" else peak


def cases() -> Iterator[dict[str, Any]]:
    """Each input twice, so that the trials of an input are told apart by their index alone."""
    count = int(os.environ["CASES"])
    for number in range(count):
        if number in (count // 4, count - 1):
            _peaks.append(_peak_kb())
        yield {
            "input": {"question": f"what is {number // 2}?"},
            "expected": number // 2,
            "metadata": {"n": number},
        }


def _end_if_due() -> None:
    if next(_calls) == int(os.environ.get("END_AT", "0")):
        os.kill(os.getpid(), signal.SIGKILL)


def task(question: dict[str, str]) -> int:
    """The number in the question."""
    _end_if_due()
    return int(question["question"].split()[-1].rstrip("?"))


def exact(output: int, expected: int) -> bool:
    """Whether it is right."""
    return output == expected


result = Eval("many", cases, task, [exact], experiment_name="run", keep_results=False)
sys.stderr.write(f"calls={next(_calls) - 1} skipped={result.skipped} peaks={_peaks}\n")
difference = result.summary.scores["exact"].difference
pairs = None if difference is None else difference.pairs
sys.stderr.write(f"baseline={result.summary.baseline} pairs={pairs} end={_peak_kb()}\n")
