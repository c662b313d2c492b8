"""An eval that is killed in the middle and resumed: each trial of each case counts exactly once."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from spanscore.store import SqliteStore
from spanscore.wire.parent import Parent, ParentKind

pytestmark = pytest.mark.core

PROGRAM = Path(__file__).parent / "many_cases.py"
IS_LONG = os.environ.get("SPANSCORE_ENDURANCE") == "long"
"""`make endurance` makes the long form of it."""

CASES = 100_000 if IS_LONG else 1_200
GROWTH_KB = 16_384
"""How much the peak of memory may rise over the last three quarters of the cases.

Whatever was left of each of the 75,000 would be a multiple of it: the JSON of a case alone is 500 bytes.
"""


def run(home: Path, *flags: str, end_at: int = 0) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "spanscore", "eval", str(PROGRAM), "--quiet", *flags],
        env={**os.environ, "SPANSCORE_HOME": str(home), "CASES": str(CASES), "END_AT": str(end_at)},
        capture_output=True,
        text=True,
        check=False,
        timeout=1800 if IS_LONG else 120,
    )


def told(done: "subprocess.CompletedProcess[str]") -> tuple[int, int, list[int]]:
    """How many calls of the task it has made, how many trials it has left out, and its peaks of memory."""
    assert done.returncode == 0, done.stderr
    found = re.search(r"calls=(\d+) skipped=(\d+) peaks=\[([\d, ]+)\]", done.stderr)
    assert found is not None, done.stderr
    return int(found[1]), int(found[2]), [int(each) for each in found[3].split(",")]


def test_each_trial_counts_once(tmp_path: Path) -> None:
    assert run(tmp_path, end_at=CASES // 2).returncode == -9
    assert run(tmp_path, "--resume", "run", end_at=CASES // 4).returncode == -9
    calls, skipped, peaks = told(run(tmp_path, "--resume", "run"))

    assert calls + skipped == CASES
    # What had begun when it was killed runs again, and what was on its way to the spool.
    assert skipped > CASES // 2
    assert_whole(tmp_path)
    if IS_LONG:
        assert peaks[-1] - peaks[0] < GROWTH_KB

    assert told(run(tmp_path, "--resume", "many/run"))[:2] == (0, CASES)
    assert_whole(tmp_path)


def assert_whole(home: Path) -> None:
    store = SqliteStore(home / "spanscore.db")
    try:
        experiment = store.find_experiment("many/run")
        summary = store.summarize_experiment(experiment.id, baseline=None)
        trials = [(trial.case_key, trial.trial) for trial in store.finished_trials(experiment.id)]
        rows = store.rows(Parent(ParentKind.EXPERIMENT_ID, experiment.id))
        roots = sorted(row.metadata["n"] for row in rows if row.type == "eval")
    finally:
        store.close()
    assert (summary.cases, summary.errors) == (CASES, 0)
    assert (summary.scores["exact"].scored, summary.scores["exact"].mean) == (CASES, 1)
    assert len(trials) == len(set(trials)) == CASES
    assert roots == [*range(CASES)]


@pytest.mark.skipif(not IS_LONG, reason="it needs many cases; `make endurance` has them")
def test_many_cases_take_little_memory(tmp_path: Path) -> None:
    calls, skipped, peaks = told(run(tmp_path))
    assert (calls, skipped) == (CASES, 0)
    assert peaks[-1] - peaks[0] < GROWTH_KB
    assert_whole(tmp_path)
