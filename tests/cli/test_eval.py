"""`spanscore eval`, run as users run it."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.core

Run = Callable[..., "subprocess.CompletedProcess[str]"]

FINE = """
from spanscore import Eval



def same(output, expected):
    return output == expected


Eval("fine", [{"input": 1, "expected": 1}], lambda value: value, [same])
"""
BAD_CASE = FINE.replace("lambda value: value", "lambda value: value / 0").replace('"fine"', '"bad case"')
BAD_SCORER = FINE.replace("output == expected", "output / 0").replace('"fine"', '"bad scorer"')
BAD_IMPORT = "import a_package_that_nobody_has"
NO_EVAL = "print('nothing to see')"
TALKATIVE = FINE.replace(
    "Eval(", "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'print(1)'])\nprint(2)\nEval(", 1
)


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text)


@pytest.mark.parametrize(
    ("texts", "code", "on_stderr"),
    [
        pytest.param({"eval_a": FINE}, 0, "", id="all fine"),
        pytest.param(
            {"eval_a": FINE, "eval_b": NO_EVAL}, 0, "eval_b.py has run no Eval()", id="a file without"
        ),
        pytest.param({"eval_a": BAD_CASE}, 1, "", id="a case errored"),
        pytest.param({"eval_a": BAD_SCORER}, 1, "", id="a scorer errored"),
        pytest.param(
            {"eval_a": BAD_IMPORT, "eval_b": FINE}, 1, "No module named 'a_package_that", id="an import"
        ),
        pytest.param({"eval_a": NO_EVAL}, 2, "eval_a.py has run no Eval()", id="no eval in any file"),
        pytest.param(
            {"other": FINE}, 2, "spanscore: no evals in .; their files are named eval_*.py", id="no file"
        ),
    ],
)
def test_exit_code(tmp_path: Path, run: Run, texts: dict[str, str], code: int, on_stderr: str) -> None:
    write(tmp_path, **texts)

    done = run("eval", ".")

    assert done.returncode == code
    assert on_stderr in done.stderr
    assert ("fine/" in done.stdout) == any(texts.get(name) == FINE for name in ("eval_a", "eval_b"))


def test_json_has_stdout_for_itself(tmp_path: Path, run: Run) -> None:
    write(tmp_path, eval_a=TALKATIVE, eval_b=BAD_CASE)

    done = run("eval", ".", "--json")

    objects = [json.loads(line) for line in done.stdout.splitlines()]
    figures = ["project_name", "cases", "errors", "scorer_errors", "comparison_experiment_name"]
    assert [[each[name] for name in figures] for each in objects] == [
        ["fine", 1, 0, 0, None],
        ["bad case", 1, 1, 0, None],
    ]
    assert [each["score"] for each in objects[0]["scores"].values()] == [1.0]
    assert {"1", "2"} <= set(done.stderr.splitlines())


def test_quiet_says_only_what_failed(tmp_path: Path, run: Run) -> None:
    write(tmp_path, eval_a=FINE, eval_b=BAD_CASE)

    done = run("eval", "--quiet", "eval_a.py", "eval_b.py")

    assert (done.returncode, done.stdout) == (1, "")
    assert [line.split("; see ")[0] for line in done.stderr.splitlines()] == ["eval_b.py: 1 failed"]


def test_a_second_run_is_compared_with_the_first(tmp_path: Path, run: Run) -> None:
    write(tmp_path, eval_a=FINE)

    first, second = (json.loads(run("eval", "eval_a.py", "--json").stdout) for _ in range(2))

    assert second["comparison_experiment_id"] == first["experiment_id"]


def test_what_does_not_exist_is_wrong_usage(run: Run) -> None:
    done = run("eval", "nowhere")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "spanscore: nowhere does not exist; give files or folders with evals\n"
