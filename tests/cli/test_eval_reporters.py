"""The reporters that eval files define, and the reports to them."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from spanscore.cli._eval_reporters import defines_reporter, report_run
from spanscore.evals import EndedEval, EvalSession, ReporterDef
from told_evals import RESULT

pytestmark = pytest.mark.core

TEXTS = {
    "a call": ("Reporter('r', f, g)", True),
    "by its module": ("import spanscore\nmine = spanscore.Reporter('r', f, g)", True),
    "in a function": ("def make():\n    return Reporter('r', f, g)", True),
    "only its import": ("from spanscore import Reporter", False),
    "a comment": ("# Reporter('r', f, g)", False),
    "no Python": ("Reporter(", False),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_file_that_defines_a_reporter_is_known_before_it_runs(name: str, tmp_path: Path) -> None:
    text, expected = TEXTS[name]
    file = tmp_path / "eval_a.py"
    file.write_text(text)
    assert defines_reporter(file) is expected


def test_a_file_that_is_not_there_defines_none(tmp_path: Path) -> None:
    assert defines_reporter(tmp_path / "nowhere.py") is False


def session_of(evals: dict[str, ReporterDef | str | None], *reporters: ReporterDef) -> EvalSession:
    session = EvalSession()
    for reporter in reporters:
        session.define(reporter)
    for name, reporter in evals.items():
        evaluator: Any = SimpleNamespace(eval_name=name)
        backend: Any = None
        session.add(EndedEval(evaluator=evaluator, result=RESULT, backend=backend, reporter=reporter))
    return session


def telling(name: str, told: list[Any], *, verdict: bool = True) -> ReporterDef:
    def report_eval(evaluator: Any, result: Any, verbose: bool, jsonl: bool) -> str:
        told.append((name, evaluator.eval_name, verbose, jsonl))
        return evaluator.eval_name

    def report_run(results: list[str], verbose: bool, jsonl: bool) -> bool:
        told.append((name, results))
        return verdict

    return ReporterDef(name=name, report_eval=report_eval, report_run=report_run)


async def test_without_a_reporter_all_is_left_to_the_default() -> None:
    reported = await report_run(session_of({"a": None, "b": None}), verbose=False, jsonl=False)
    assert [each.evaluator.eval_name for each in reported.by_default] == ["a", "b"]
    assert (reported.verdicts, reported.problems) == ({}, [])


async def test_one_reporter_is_used_for_all_evals() -> None:
    told: list[Any] = []
    session = session_of({"a": None, "b": None}, telling("r", told, verdict=False))
    reported = await report_run(session, verbose=True, jsonl=False)
    assert told == [("r", "a", True, False), ("r", "b", True, False), ("r", ["a", "b"])]
    assert (reported.by_default, reported.verdicts, reported.problems) == ([], {"r": False}, [])


async def test_of_several_reporters_each_eval_names_its_own() -> None:
    told: list[Any] = []
    first, second, own = (telling(name, told) for name in ("first", "second", "own"))
    session = session_of({"a": "second", "b": "first", "c": own}, first, second)
    reported = await report_run(session, verbose=False, jsonl=True)
    assert told == [
        ("second", "a", False, True),
        ("first", "b", False, True),
        ("own", "c", False, True),
        ("second", ["a"]),
        ("first", ["b"]),
        ("own", ["c"]),
    ]
    assert reported.verdicts == {"second": True, "first": True, "own": True}


async def test_an_eval_that_names_none_of_several_or_an_unknown_one_is_told_and_shown_by_default() -> None:
    told: list[Any] = []
    session = session_of({"a": None, "b": "third"}, telling("first", told), telling("second", told))
    reported = await report_run(session, verbose=False, jsonl=False)
    assert (told, [each.evaluator.eval_name for each in reported.by_default]) == ([], ["a", "b"])
    assert reported.problems == [
        "a: several reporters are defined ('first', 'second'); say which: Eval(…, reporter='first')\n",
        "b: there is no reporter 'third'; the files define 'first', 'second'\n",
    ]


async def test_a_reporter_that_raises_stops_no_other() -> None:
    told: list[Any] = []

    def boom(**_arguments: Any) -> Any:
        raise ValueError("boom")

    broken = ReporterDef(name="broken", report_eval=boom, report_run=boom)
    session = session_of({"a": "broken", "b": "r"}, broken, telling("r", told))
    reported = await report_run(session, verbose=False, jsonl=False)
    assert told == [("r", "b", False, False), ("r", ["b"])]
    assert [problem.splitlines()[0] for problem in reported.problems] == ["the reporter 'broken' failed:"] * 2
    assert all("ValueError: boom" in problem for problem in reported.problems)
