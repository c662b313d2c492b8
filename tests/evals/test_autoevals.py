"""The scorers of autoevals work as they are."""

from typing import Any

import pytest

autoevals: Any = pytest.importorskip("autoevals")
ExactMatch, JSONDiff, Levenshtein = autoevals.ExactMatch, autoevals.JSONDiff, autoevals.Levenshtein
NumericDiff = autoevals.NumericDiff


async def test_scorers_of_autoevals_work_unmodified(ran: Any) -> None:
    data = [{"input": "Ada", "expected": "Hi Ada!"}]
    scorers = [Levenshtein, Levenshtein(), ExactMatch, JSONDiff, Levenshtein.partial()]
    result, spans = await ran(data, lambda value: f"Hi {value}", scorers)
    (only,) = result.results
    assert dict(only.scorer_errors) == {}
    scores = {name: score and round(score, 3) for name, score in only.scores.items()}
    assert scores == {
        "Levenshtein": 0.857,
        "Levenshtein_2": 0.857,
        "ExactMatch": 0.0,
        "JSONDiff": 0.857,
        "Levenshtein_3": 0.857,
    }
    assert {span.name for span in spans} == {"eval", "task", *scores}


async def test_what_a_scorer_of_autoevals_raises_is_its_error(ran: Any) -> None:
    result, _ = await ran(
        [{"input": 1, "expected": [1]}], lambda value: [value, 2], [NumericDiff, ExactMatch]
    )
    (only,) = result.results
    assert list(only.scorer_errors) == ["NumericDiff"]
    assert list(only.scores) == ["ExactMatch"]
