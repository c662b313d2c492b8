"""Runs that were killed: every reader tells, and none is what others are compared with."""

import json
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.core

Run = Callable[..., "subprocess.CompletedProcess[str]"]

EVAL = """
import os, signal
from spanscore import Eval


def task(input):
    if input == 3 and KILLED:
        os.kill(os.getpid(), signal.SIGKILL)
    return input


def right(output, expected):
    return output == expected


CASES = [{"input": number, "expected": number} for number in range(6)]
Eval("lives", CASES, task, [right], max_concurrency=1, experiment_name=NAME)
"""


def evaluate(folder: Path, run: Run, name: str, *flags: str, killed: bool = False) -> int:
    (folder / "eval_a.py").write_text(f"NAME, KILLED = {name!r}, {killed}\n{EVAL}")
    return run("eval", "eval_a.py", *flags).returncode


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL on this platform")
def test_a_killed_run_is_partial_until_it_is_gone_on_with(tmp_path: Path, run: Run) -> None:
    assert evaluate(tmp_path, run, "whole") == 0
    assert evaluate(tmp_path, run, "killed", killed=True) == -signal.SIGKILL
    listed = json.loads(run("experiments", "list", "--json").stdout)
    assert [(each["name"], each["cases"], each["partial"]) for each in listed] == [
        ("killed", 3, "its run has not ended"),
        ("whole", 6, None),
    ]
    for command in (["show", "killed"], ["compare", "killed", "whole"]):
        assert "a partial run: its run has not ended" in run("experiments", *command).stdout
    assert "its run has not ended" in run("experiments", "list").stdout

    assert evaluate(tmp_path, run, "after") == 0
    after = json.loads(run("experiments", "show", "after", "--json").stdout)
    assert (after["comparison_experiment_name"], after["partial"]) == ("whole", None)

    assert evaluate(tmp_path, run, "killed", "--resume", "killed") == 0
    resumed = json.loads(run("experiments", "show", "killed", "--json").stdout)
    assert (resumed["cases"], resumed["partial"]) == (6, None)
