"""An eval of many cases with a baseline of as many takes little memory, up to its last figure."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.core

PROGRAM = Path(__file__).parent / "many_cases.py"
IS_LONG = os.environ.get("SPANSCORE_ENDURANCE") == "long"
"""`make endurance` makes the long form of it."""

CASES = 100_000 if IS_LONG else 4_000
GROWTH_KB = 16_384 if IS_LONG else 5_120
"""How much the peak of memory may rise from a quarter of the cases to the end.

What is known of each input takes some bytes, and the store fills its caches. Whatever else was left of each
case would be more: its result, for one, has over 1.5 KB.
"""


def run(home: Path) -> str:
    """What the program says at its end, behind the summary and the comparison with the run before."""
    done = subprocess.run(
        [sys.executable, "-m", "spanscore", "eval", str(PROGRAM), "--quiet"],
        env={**os.environ, "SPANSCORE_HOME": str(home), "CASES": str(CASES)},
        capture_output=True,
        text=True,
        check=False,
        timeout=1800 if IS_LONG else 120,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_memory_does_not_grow_with_the_cases_and_those_of_the_baseline(tmp_path: Path) -> None:
    assert "baseline=None" in run(tmp_path)
    told = run(tmp_path)
    found = re.search(rf"peaks=\[(\d+), \d+\]\nbaseline=run pairs={CASES // 2} end=(\d+)", told)
    assert found is not None, told
    early_kb, end_kb = int(found[1]), int(found[2])
    assert end_kb - early_kb < GROWTH_KB, told
