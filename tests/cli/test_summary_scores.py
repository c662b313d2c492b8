"""Scores of whole experiments and metrics of one's own, from the eval to every command that reads them."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.core

Run = Callable[..., "subprocess.CompletedProcess[str]"]

EVAL = """

from spanscore import Eval


def task(input, hooks):
    hooks.span.log(metrics={"retrieved": input})
    return input


def right(output, expected):
    return output == expected


def f1(results):
    return sum(each.scores["right"] for each in results) / 4


CASES = [{"input": number, "expected": min(number, LAST)} for number in range(1, 5)]
Eval("whole", CASES, task, [right], summary_scores=[f1], experiment_name=NAME)
"""


def test_they_are_stored_compared_and_gated(tmp_path: Path, run: Run) -> None:
    for name, last in (("before", 4), ("after", 2)):
        (tmp_path / "eval_a.py").write_text(f"NAME, LAST = {name!r}, {last}\n{EVAL}")
        done = run("eval", "eval_a.py")
        assert done.returncode == 0, done.stderr
    told = [line for line in done.stdout.splitlines() if line.split()[:1] in (["f1"], ["retrieved"])]
    assert len(told) == 3
    assert set(told) <= set(run("experiments", "show", "after").stdout.splitlines())

    figures = json.loads(run("experiments", "compare", "after", "--json").stdout)
    f1, retrieved = figures["scores"]["f1"], figures["metrics"]["retrieved"]
    assert (f1["score"], f1["diff"], f1["comparison_mean"], f1["pairs"]) == (0.5, -0.5, 1.0, 0)
    assert (retrieved["metric"], retrieved["total"], retrieved["unit"]) == (2.5, 10.0, "")
    assert list(figures["changes"]) == ["right"]
    compared = run("experiments", "compare", "after").stdout
    assert "f1: no changes" not in compared
    assert "f1" in compared

    listed = json.loads(run("experiments", "list", "--json").stdout)
    assert [(each["scores"]["f1"], each["partial"]) for each in listed] == [(0.5, None), (1.0, None)]

    fails = run("gate", "after", "--fail-if", "f1 < 0.9", "--fail-if", "retrieved > 2")
    assert (fails.returncode, fails.stdout.splitlines()[1:]) == (
        3,
        ["  f1 is 0.5, which is < 0.9", "  retrieved is 2.5, which is > 2"],
    )
    open_ = run("gate", "after", "--fail-on-regression", "f1:0.01")
    assert (open_.returncode, open_.stderr) == (
        0,
        "f1 could not be compared: it is one number of the whole experiment, from 1 to 0.5, with no telling "
        "what is chance\n",
    )


def test_of_a_run_that_goes_on_with_another_they_are_over_the_results_of_both(
    tmp_path: Path, run: Run
) -> None:
    (tmp_path / "eval_a.py").write_text(f"NAME, LAST = 'part', 4\n{EVAL}")
    assert run("eval", "eval_a.py", "--first", "2").returncode == 0
    done = run("eval", "eval_a.py", "--resume", "part")
    assert done.returncode == 0, done.stderr
    (listed,) = json.loads(run("experiments", "list", "--json").stdout)
    assert (listed["cases"], listed["scores"]["f1"], listed["partial"]) == (4, 1.0, None)
