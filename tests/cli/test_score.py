"""`spanscore score`, run as users run it."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.core

Run = Callable[..., "subprocess.CompletedProcess[str]"]

EVAL = """
from spanscore import Eval


def exact(output, expected):
    return output == expected


def answer(number):
    print("the task runs")
    return number


Eval("p", [{"input": n, "expected": n % 3} for n in range(6)], answer, [exact], experiment_name="first")
"""
SCORERS = """
def exact(output, expected):
    return output == expected


def close(output, expected):
    return 1 / (1 + abs(output - expected))


def fails(output):
    raise ValueError("no")
"""


@pytest.fixture
def files(tmp_path: Path, run: Run) -> Path:
    (tmp_path / "eval_p.py").write_text(EVAL)
    (tmp_path / "scorers.py").write_text(SCORERS)
    assert run("eval", "eval_p.py", "--quiet").returncode == 0
    return tmp_path


def test_stored_outputs_are_scored_in_a_new_experiment(files: Path, run: Run) -> None:
    done = run("score", "p/first", "--scores", "scorers.py:exact,close", "--jsonl")
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert (told["experiment_name"], told["comparison_experiment_name"], told["cases"]) == (
        "first-rescored",
        "first",
        6,
    )
    assert "duration" not in told["metrics"]
    means = {name: score["score"] for name, score in told["scores"].items()}
    assert means == {"exact": 0.5, "close": pytest.approx((3 + 3 / 4) / 6)}

    shown = run("score", "first", "--scores", "scorers.py:close", "--experiment-name", "closer")
    assert shown.returncode == 0
    assert "p/closer" in shown.stdout
    assert "the task runs" not in shown.stdout
    assert run("experiments", "show", "closer").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "code", "on_stderr"),
    [
        (("first", "--scores", "scorers.py:fails"), 1, ""),
        (("none", "--scores", "scorers.py:exact"), 1, "no experiment 'none'; the newest are p/first"),
        (
            ("first", "--scores", "scorers.py:nothing"),
            2,
            "scorers.py has no 'nothing'; it has close, exact, fails",
        ),
        (("first",), 2, "the following arguments are required: --scores"),
    ],
)
def test_exit_code(files: Path, run: Run, arguments: tuple[str, ...], code: int, on_stderr: str) -> None:
    done = run("score", *arguments)
    assert done.returncode == code
    assert on_stderr in done.stderr
