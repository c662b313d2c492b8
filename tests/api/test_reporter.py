"""`Reporter`, as the guide to evals says of it."""

from typing import Any

import pytest

from spanscore import Eval, EvalAsync, Reporter
from spanscore.evals import ExperimentResult, eval_session

pytestmark = pytest.mark.core

DATA = [{"input": 1, "expected": 1}, {"input": 2, "expected": 3}]


def exact(output: int, expected: int) -> bool:
    return output == expected


async def test_direct_evals_tell_an_async_reporter() -> None:
    told: list[Any] = []

    async def report_eval(evaluator: Any, result: ExperimentResult, verbose: bool, jsonl: bool) -> None:
        told.append(
            (
                evaluator.eval_name,
                evaluator.project_name,
                result.summary.scores["exact"].score,
                verbose,
                jsonl,
            )
        )

    mine = Reporter("mine", report_eval, lambda results, verbose, jsonl: True)
    result = await EvalAsync(
        "reported", DATA, lambda input: input, [exact], experiment_name="first", reporter=mine
    )
    assert told == [("reported [experiment_name=first]", "reported", 0.5, True, False)]
    assert [each.scores for each in result.results] == [{"exact": True}, {"exact": False}]


def test_what_a_reporter_raises_is_raised(capsys: pytest.CaptureFixture[str]) -> None:
    def report_eval(evaluator: Any, result: ExperimentResult, verbose: bool, jsonl: bool) -> None:
        raise ValueError("no good")

    mine = Reporter("mine", report_eval, lambda results, verbose, jsonl: True)
    with pytest.raises(ValueError, match="no good"):
        Eval("reported", DATA, lambda input: input, [exact], reporter=mine)
    assert capsys.readouterr().out == ""


def test_a_session_knows_the_reporters_that_are_defined_in_it() -> None:
    with eval_session() as session:
        mine = Reporter("mine", print, all)
    Reporter("another", print, all)
    assert session.reporters == {"mine": mine}
