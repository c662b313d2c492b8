"""What failed in a stored experiment, as `spanscore experiments show` tells it."""

import pytest

from spanscore import Eval
from spanscore.cli import main

pytestmark = pytest.mark.core


def task(input: int) -> int:
    if input == 1:
        raise RuntimeError("of the\ntask")
    return input


def exact(output: int) -> bool:
    if output == 2:
        raise ValueError("of the scorer")
    return True


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[list[str]]:
    """The words of the lines after the figures."""
    capsys.readouterr()
    assert main(["experiments", "show", *arguments]) == 0
    lines = capsys.readouterr().out.rstrip().splitlines()
    return [line.split() for line in lines[lines.index("") + 1 :]] if "" in lines else []


def test_tasks_and_scorers_that_failed_are_told_with_their_traces(
    capsys: pytest.CaptureFixture[str],
) -> None:
    data = [{"input": number} for number in range(4)]
    result = Eval("failing", data=data, task=task, scores=[exact], experiment_name="run", max_concurrency=1)
    traces = [each.trace_id[:8] for each in result.errors]

    assert told(capsys, "failing/run") == [
        ["failed"],
        ["INPUT", "IN", "ERROR", "TRACE"],
        ["1", "task", "RuntimeError:", "of", "the", traces[0]],
        ["2", "exact", "ValueError:", "of", "the", "scorer", traces[1]],
    ]
    assert told(capsys, "failing/run", "--limit", "1") == [
        ["the", "first", "1", "that", "failed"],
        ["INPUT", "IN", "ERROR", "TRACE"],
        ["1", "task", "RuntimeError:", "of", "the", traces[0]],
    ]


def test_nothing_is_told_where_nothing_failed(capsys: pytest.CaptureFixture[str]) -> None:
    Eval("fine", data=[{"input": 0}], task=task, scores=[exact], experiment_name="run")

    assert told(capsys, "fine/run") == []
