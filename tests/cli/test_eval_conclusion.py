"""The end of a run of eval files."""

import argparse
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from spanscore._json import from_json
from spanscore.cli._eval_arguments import add_eval_arguments
from spanscore.cli._eval_conclusion import conclude, result_line
from spanscore.cli._eval_run import RunOutcome
from spanscore.evals import EndedEval, EvalSession, ExperimentResult, ReporterDef
from told_evals import PLAIN, failing

pytestmark = pytest.mark.core


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
    assert conclude(run, parsed()) == code


def test_what_nobody_has_told_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    shown, waiting = ended(PLAIN), ended(PLAIN, is_shown=False)
    assert conclude(outcome(shown, waiting), parsed()) == 0
    assert capsys.readouterr().out.count("bot/main-2: 8 cases") == 1
    assert conclude(outcome(shown, waiting), parsed("--jsonl")) == 0
    assert capsys.readouterr().out == f"{result_line(PLAIN)}\n"


def test_a_line_has_the_figures_and_where_to_look() -> None:
    line = from_json(result_line(PLAIN))
    assert (line["experiment_name"], line["permalink"]) == ("main-2", "spanscore experiments show bot/main-2")
