"""Scores as dicts."""

import pytest

from spanscore import Eval, NamedScoreDict, ScoreDict

pytestmark = pytest.mark.core


def short(output: str) -> ScoreDict:
    return {"score": 1.0 if len(output) < 3 else 0.0, "metadata": {"length": len(output)}}


def several(output: str) -> list[NamedScoreDict]:
    return [{"name": "first", "score": 0.5}, {"name": "second", "score": None}]


def test_scorers_may_return_them() -> None:
    result = Eval(
        "p", [{"input": "hi"}], lambda input: input, [short, several], no_send_logs=True, quiet=True
    )
    assert result.results[0].scores == {"short": 1.0, "first": 0.5, "second": None}
