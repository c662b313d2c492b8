"""The scorers of autoevals as they come, asynchronous as they are and through their synchronous door."""

import functools
from typing import Any

import pytest

from spanscore.scoring import Score, prepare_scorers

autoevals: Any = pytest.importorskip("autoevals")

VALUES: dict[str, Any] = {
    "input": "q",
    "metadata": {},
    "tags": (),
    "trial_index": 0,
    "trace": None,
    "id": None,
    "user_data": None,
}

CASES: dict[str, tuple[Any, Any, Any, Score]] = {
    "ExactMatch": (autoevals.ExactMatch, "a", "a", Score("ExactMatch", 1.0)),
    "ExactMatch instance": (autoevals.ExactMatch(), {"a": 1}, {"a": 2}, Score("ExactMatch", 0.0)),
    "Levenshtein": (autoevals.Levenshtein(), "abcd", "abxd", Score("Levenshtein", 0.75)),
    "Levenshtein partial": (
        autoevals.Levenshtein.partial(expected="ab"),
        "ab",
        None,
        Score("Levenshtein", 1.0),
    ),
    "NumericDiff": (autoevals.NumericDiff, 1, 1, Score("NumericDiff", 1.0)),
    "JSONDiff": (autoevals.JSONDiff, {"a": "x"}, {"a": "x"}, Score("JSONDiff", 1.0)),
    "ValidJSON": (autoevals.ValidJSON, '{"a": 1}', None, Score("ValidJSON", 1.0)),
}


@pytest.mark.parametrize(("scorer", "output", "expected", "score"), CASES.values(), ids=CASES.keys())
async def test_asynchronously(scorer: Any, output: Any, expected: Any, score: Score) -> None:
    [prepared] = prepare_scorers([scorer])
    raw = await prepared.call({**VALUES, "output": output, "expected": expected})
    [found] = prepared.read(raw)
    assert (prepared.name, found.name, found.score) == (score.name, score.name, score.score)


@pytest.mark.parametrize(("scorer", "output", "expected", "score"), CASES.values(), ids=CASES.keys())
def test_synchronously(scorer: Any, output: Any, expected: Any, score: Score) -> None:
    made = scorer() if isinstance(scorer, type) else scorer
    [prepared] = prepare_scorers([functools.partial(made)])
    [found] = prepared.read(prepared.call({**VALUES, "output": output, "expected": expected}))
    assert (prepared.is_async, found.name, found.score) == (False, score.name, score.score)


async def test_list_contains() -> None:
    pytest.importorskip("scipy")
    [prepared] = prepare_scorers([autoevals.ListContains()])
    [found] = prepared.read(await prepared.call({**VALUES, "output": ["a", "b"], "expected": ["a", "b"]}))
    assert found.score == 1.0
