"""The end of a run of eval files."""

import argparse
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from spanscore._json import from_json
from spanscore.cli._eval_arguments import add_eval_arguments
from spanscore.cli._eval_conclusion import conclude, result_line
from spanscore.cli._eval_gates import Gates
from spanscore.cli._eval_run import RunOutcome
from spanscore.evals import EndedEval, EvalSession, ExperimentResult, ReporterDef
from spanscore.evals.gates import parse_gates
from told_evals import PLAIN, failing

pytestmark = pytest.mark.core

NONE = Gates(asked=(), project=())


def parsed(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_eval_arguments(parser)
    return parser.parse_args(arguments)


def ended(result: ExperimentResult, **more: Any) -> EndedEval:
    evaluator: Any = SimpleNamespace(eval_name="bot")
    backend: Any = None
    return EndedEval(evaluator=evaluator, result=result, backend=backend, **more)


def outcome(*evals: EndedEval, broken: tuple[Path, ...] = ()) -> RunOutcome:
    session = EvalSession()
    for each in evals:
        session.add(each)
    return RunOutcome(session=session, broken=list(broken))


def reporter(verdict: bool) -> ReporterDef:
    return ReporterDef(name="r", report_eval=lambda **_: None, report_run=lambda **_: verdict)


CODES = {
    "all fine": (outcome(ended(PLAIN)), 0),
    "nothing has run": (outcome(), 2),
    "a case failed": (outcome(ended(PLAIN), ended(failing(PLAIN))), 1),
    "a file failed": (outcome(ended(PLAIN), broken=(Path("eval_a.py"),)), 1),
    "only a file that failed": (outcome(broken=(Path("eval_a.py"),)), 1),
    "a reporter is content with failures": (outcome(ended(failing(PLAIN), reporter=reporter(True))), 0),
    "a reporter is not content": (outcome(ended(PLAIN, reporter=reporter(False))), 1),
    "an unknown reporter": (outcome(ended(PLAIN, reporter="nobody")), 1),
}


@pytest.mark.parametrize("name", CODES)
def test_exit_code(name: str) -> None:
    run, code = CODES[name]
    assert conclude(run, NONE, parsed()) == code


def test_what_nobody_has_told_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    shown, waiting = ended(PLAIN), ended(PLAIN, is_shown=False)
    assert conclude(outcome(shown, waiting), NONE, parsed()) == 0
    assert capsys.readouterr().out.count("bot/main-2: 8 cases") == 1
    assert conclude(outcome(shown, waiting), NONE, parsed("--jsonl")) == 0
    assert capsys.readouterr().out == f"{result_line(PLAIN)}\n"


def test_a_line_has_the_figures_and_where_to_look() -> None:
    line = from_json(result_line(PLAIN))
    assert (line["experiment_name"], line["permalink"]) == ("main-2", "spanscore experiments show bot/main-2")


def asked(*conditions: str) -> Gates:
    return Gates(asked=parse_gates(conditions, ()), project=())


BROKEN = (Path("eval_a.py"),)
GATED = {
    "met": (outcome(ended(PLAIN)), asked("exact < 0.5"), 0),
    "not met": (outcome(ended(PLAIN)), asked("exact < 0.9"), 3),
    "not met, and a case failed": (outcome(ended(failing(PLAIN))), asked("exact < 0.9"), 3),
    "not met, and a file failed": (outcome(ended(PLAIN), broken=BROKEN), asked("exact < 0.9"), 1),
    "of a score that there is not": (outcome(ended(PLAIN)), asked("exat < 0.9"), 2),
    "without an eval": (outcome(broken=BROKEN), asked("exact < 0.9"), 1),
}


@pytest.mark.parametrize("name", GATED)
def test_exit_code_of_gates(name: str) -> None:
    run, gates, code = GATED[name]
    assert conclude(run, gates, parsed()) == code


def test_the_reasons_are_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    conclude(outcome(ended(PLAIN)), asked("exact < 0.9"), parsed())
    assert capsys.readouterr().err == "gate not met: bot/main-2: exact is 0.625, which is < 0.9\n"


def test_files_are_written(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("junit.xml", "report.md", "report.html")]
    named = [f"--{kind}={file}" for kind, file in zip(("junit", "markdown", "html"), files, strict=True)]
    assert conclude(outcome(ended(PLAIN)), NONE, parsed(*named)) == 0
    assert all("bot/main-2" in file.read_text() for file in files)
