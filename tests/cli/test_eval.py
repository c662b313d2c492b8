"""`spanscore eval`, run as users run it."""

import json
import re
import signal
import subprocess
import sys
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
EMPTY = FINE.replace('[{"input": 1, "expected": 1}]', "[]").replace('"fine"', '"empty"')
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
        pytest.param({"eval_a": EMPTY}, 2, "", id="no case in any eval"),
        pytest.param({"eval_a": FINE, "eval_b": EMPTY}, 0, "", id="no case in one of several"),
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


REPORTED = """
from spanscore import Eval, Reporter


def exact(output, expected):
    return output == expected


async def report_eval(evaluator, result, verbose, jsonl):
    print("eval", evaluator.eval_name, result.summary.scores["exact"].score, verbose, jsonl)
    return result.summary.scores["exact"].score


def report_run(results, verbose, jsonl):
    print("run", results)
    return min(results) > 0.4


Eval("half", [{"input": 1, "expected": 1}, {"input": 2, "expected": 1}], lambda value: value, [exact])
Reporter("lenient", report_eval, report_run)
"""


def test_one_reporter_in_any_file_reports_all_evals_and_decides(tmp_path: Path, run: Run) -> None:
    fine, bad = (text.replace("same", "exact") for text in (FINE, BAD_CASE))
    write(tmp_path, eval_a=fine, eval_b=REPORTED, eval_c=bad)

    done = run("eval", "eval_a.py", "eval_b.py")
    assert (done.returncode, done.stdout.splitlines()) == (
        0,
        ["eval fine 1.0 False False", "eval half 0.5 False False", "run [1.0, 0.5]"],
    )

    done = run("eval", ".", "-v", "--jsonl")
    assert (done.returncode, done.stdout.splitlines()) == (
        1,
        [
            "eval fine 1.0 True True",
            "eval half 0.5 True True",
            "eval bad case 0.0 True True",
            "run [1.0, 0.5, 0.0]",
        ],
    )


def test_of_several_reporters_each_eval_has_to_name_one(tmp_path: Path, run: Run) -> None:
    strict = REPORTED.replace("[exact])", '[exact], reporter="strict")')
    strict = strict.replace('Reporter("lenient"', 'Reporter("strict"').replace("> 0.4", "> 0.6")
    unclear = REPORTED.replace('Eval("half"', 'Eval("unclear"')
    write(tmp_path, eval_a=unclear, eval_b=strict)

    done = run("eval", "eval_a.py", "eval_b.py")

    assert done.returncode == 1
    assert done.stdout.splitlines()[:2] == ["eval half 0.5 False False", "run [0.5]"]
    assert "unclear/experiment-1: 2 cases" in done.stdout
    assert done.stderr.splitlines()[-1] == (
        "unclear: several reporters are defined ('lenient', 'strict'); say which: Eval(…, reporter='lenient')"
    )


def test_an_eval_after_two_reporters_fails_before_its_first_case(tmp_path: Path, run: Run) -> None:
    reporters = 'Reporter("a", print, all)\nReporter("b", print, all)\nEval('
    write(
        tmp_path, eval_a=FINE.replace("import Eval", "import Eval, Reporter").replace("Eval(", reporters, 1)
    )

    done = run("eval", ".")

    assert (done.returncode, done.stdout) == (1, "")
    assert "several reporters are defined ('a', 'b')" in done.stderr


def test_env_file_and_account_reach_the_program(tmp_path: Path, run: Run) -> None:
    told = "import os\nprint(*(os.environ.get(name) for name in ('ANSWER', 'BRAINTRUST_ORG_NAME')))\n"
    write(tmp_path, eval_a=told + FINE)
    (tmp_path / "test.env").write_text("ANSWER=42\n")

    done = run("eval", "--env-file", "test.env", "--org-name", "acme")

    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "42 acme")


def test_the_first_failing_file_may_end_it_all(tmp_path: Path, run: Run) -> None:
    write(tmp_path, eval_a=BAD_IMPORT, eval_b=FINE)

    done = run("eval", "--terminate-on-failure")

    assert (done.returncode, done.stdout) == (1, "")


def test_verbose_failures_have_their_tracebacks(tmp_path: Path, run: Run) -> None:
    write(tmp_path, eval_a=BAD_CASE)

    assert "Traceback" not in run("eval").stdout
    assert "    Traceback (most recent call last):" in run("eval", "-v").stdout.splitlines()


def test_gates_reports_and_their_exit_code(tmp_path: Path, run: Run) -> None:
    write(tmp_path, eval_a=FINE)

    done = run(
        "eval", "--fail-if", "same < 0.5", "--junit", "out/junit.xml", "--html=out/a.html", "--markdown=a.md"
    )
    assert (done.returncode, sorted(path.name for path in (tmp_path / "out").iterdir())) == (
        0,
        ["a.html", "junit.xml"],
    )

    done = run("eval", "--fail-if", "same > 0.5")
    assert done.returncode == 3
    assert done.stderr.endswith("gate not met: fine/experiment-2: same is 1, which is > 0.5\n")

    done = run("eval", "--fail-if", "same")
    assert (done.returncode, done.stdout) == (2, "")
    assert "'same' is no condition to fail" in done.stderr

    done = run("eval", "--fail-on-regression", "same:abc")
    assert (done.returncode, done.stdout) == (2, "")
    assert "'same:abc' is no regression to fail on" in done.stderr


def test_a_matrix_runs_the_file_once_for_each_combination(tmp_path: Path, run: Run) -> None:
    write(tmp_path, eval_a=FINE.replace("lambda value:", "lambda value, hooks:"))

    done = run("eval", "--matrix", "model=a,b", "--matrix", "shots=0,5", "--jsonl")

    names = [json.loads(line)["experiment_name"] for line in done.stdout.splitlines()]
    combinations = ["model=a,shots=0", "model=a,shots=5", "model=b,shots=0", "model=b,shots=5"]
    assert (done.returncode, names) == (0, combinations)


ENDLESS = """
import time
from spanscore import Eval


def task(input):
    if input:
        print("begun", flush=True)
        time.sleep(60)
    return input


Eval("endless", [{"input": 0}, {"input": 1}], task, [], max_concurrency=1, experiment_name="first")
"""


def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(tmp_path: Path) -> None:
    write(tmp_path, eval_a=ENDLESS)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SPANSCORE_HOME", str(tmp_path / "home"))
        command = [sys.executable, "-m", "spanscore", "eval", "eval_a.py"]
        running = subprocess.Popen(
            command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
    with running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline() == "begun\n"
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=60) == 130
        assert running.stderr.read().splitlines()[-1] == (
            "spanscore: stopped; 1 case is kept in endless/first; "
            "go on with: spanscore eval eval_a.py --resume first"
        )


TOPICS = """
from spanscore import Eval


def exact(output, expected):
    return output == expected


def task(input, hooks):
    if input == 2 and not hooks.parameters["works"]:
        raise ValueError("two")
    return input


CASES = [{"input": number, "expected": number % 3, "metadata": {"topic": "odd" if number % 2 else "even"}}
         for number in range(6)]
Eval("topics", CASES, task, [exact], parameters={"works": None})
"""


def inputs(tmp_path: Path, run: Run, *arguments: str) -> tuple[int, list[int]]:
    """The exit code, and the inputs of the cases that are in the report."""
    done = run("eval", "eval_a.py", "--junit", "junit.xml", *arguments)
    names = re.findall(r'<testcase classname="\S+" name="\d+: (\d+)"', (tmp_path / "junit.xml").read_text())
    return done.returncode, sorted(map(int, names))


def test_subsets_resuming_and_parameters(tmp_path: Path, run: Run) -> None:
    write(tmp_path, eval_a=TOPICS)

    assert inputs(tmp_path, run, "--experiment-name", "whole") == (1, [0, 1, 2, 3, 4, 5])
    assert inputs(tmp_path, run, "--first", "2") == (0, [0, 1])
    assert inputs(tmp_path, run, "--filter", "metadata.topic=odd") == (0, [1, 3, 5])
    assert inputs(tmp_path, run, "--param", "works=true", "--failing", "whole") == (0, [2, 3, 4, 5])
    assert len(inputs(tmp_path, run, "--sample", "3", "--param", "works=1")[1]) == 3
    assert inputs(tmp_path, run, "--retry-errors", "whole", "--param", "works=1") == (0, [0, 1, 2, 3, 4, 5])


ASKED_FOR: dict[str, tuple[list[str], int, list[str]]] = {
    "a filter that one eval has": (["--filter", "metadata.topic=odd"], 0, ["eval_b.py: fine has not run: "]),
    "a filter that none has": (["--filter", "input=9"], 2, ["eval_a.py: topics has", "eval_b.py: fine has"]),
    "a parameter that one has": (["--param", "works=1"], 1, ["eval_b.py: fine has not run: there is no par"]),
    "a parameter that none has": (["--param", "work=1"], 2, ["eval_a.py: topics has", "eval_b.py: fine has"]),
    "values that none has": (
        ["--matrix", "work=1,2"],
        2,
        ["eval_a.py: topics has", "eval_b.py: fine has"],
    ),
    "a run that none has": (["--resume", "nowhere"], 2, ["eval_a.py: topics has", "eval_b.py: fine has"]),
    "a path that none can have": (["--filter", "inptu=9"], 2, ["spanscore: --filter inptu=9: a case has no"]),
    "two that contradict": (["--resume", "a", "--retry-errors", "b"], 2, ["spanscore: --resume and --retry"]),
}


@pytest.mark.parametrize("name", ASKED_FOR)
def test_what_evals_do_not_have_is_said(tmp_path: Path, run: Run, name: str) -> None:
    arguments, code, said = ASKED_FOR[name]
    write(tmp_path, eval_a=TOPICS.replace('"works": None', '"works": True'), eval_b=FINE)

    done = run("eval", "--no-progress", *arguments)

    lines = done.stderr.splitlines()
    assert (done.returncode, len(lines)) == (code, len(said)), done.stderr
    assert [line[: len(begin)] for line, begin in zip(lines, said, strict=True)] == said
    assert done.stdout.count("see spanscore experiments show") == (code != 2)
    kept = run("experiments", "list", "--json") if (tmp_path / "spanscore.db").exists() else None
    assert (kept is None or json.loads(kept.stdout) == []) == (code == 2)


def test_list_runs_nothing_and_needs_no_key(tmp_path: Path, run: Run) -> None:
    write(tmp_path, eval_a=BAD_CASE, eval_b=FINE)

    done = run("eval", "--list")

    assert (done.returncode, done.stdout, done.stderr) == (0, "bad case\nfine\n", "")
    assert not (tmp_path / "spanscore.db").exists()


def test_without_logs_nothing_is_stored(tmp_path: Path, run: Run) -> None:
    write(tmp_path, eval_a=FINE)

    done = run("eval", "--no-send-logs", "--html", "report.html")

    assert done.returncode == 0
    left = {path.name for path in tmp_path.iterdir()} - {"__pycache__"}
    assert sorted(left) == ["eval_a.py", "report.html"]
