"""The public module of scorers, in an eval as its users run it."""

import functools
from typing import Any

import pytest

import spanscore
from spanscore import scorers, traced
from spanscore.scoring import prepare_scorers

pytestmark = pytest.mark.core


def test_every_one_is_documented_with_an_example() -> None:
    undocumented = [name for name in scorers.__all__ if ">>>" not in str(getattr(scorers, name).__doc__)]
    assert undocumented == []


def test_every_one_can_be_made_ready() -> None:
    made: dict[str, Any] = {
        "LatencyLimit": functools.partial(scorers.LatencyLimit, 1),
        "TokenLimit": functools.partial(scorers.TokenLimit, 1),
        "CostLimit": functools.partial(scorers.CostLimit, 1),
    }
    instances = [made.get(name, getattr(scorers, name))() for name in scorers.__all__]
    assert [scorer.name for scorer in prepare_scorers(instances)] == [one.name for one in instances]


@traced(type="tool")
def look_up(city: str) -> str:
    if city == "Atlantis":
        raise LookupError(city)
    return f"It is sunny in {city}."


def weather(input: str) -> str:
    try:
        return look_up(input)
    except LookupError:
        return "Nobody knows."


CASES = [
    {"input": "Rome", "expected": "It is sunny in Rome."},
    {"input": "Atlantis", "expected": "Nobody knows."},
]


def test_an_eval_without_traces_says_so() -> None:
    result = spanscore.Eval(
        "weather", CASES, weather, [scorers.NoError, scorers.TokenLimit(1)], no_send_logs=True, quiet=True
    )
    told = [str(error) for one in result.results for error in one.scorer_errors.values()]
    assert len(told) == 4
    assert all(
        "looks at the trace, and this eval records none; run it without no_send_logs" in text for text in told
    )


def test_over_the_trace_of_an_eval() -> None:
    result = spanscore.Eval(
        "weather",
        CASES,
        weather,
        [
            scorers.ExactMatch,
            scorers.ToolCalls(["look_up"], order="exact"),
            scorers.LatencyLimit(60),
            scorers.TokenLimit(10),
            scorers.CostLimit(1),
            scorers.NoError,
        ],
        quiet=True,
    )
    assert result.errors == ()
    kept = {
        "exact_match": 1.0,
        "tool_calls": 1.0,
        "latency_limit": 1.0,
        "token_limit": 1.0,
        "cost_limit": 1.0,
    }
    assert [one.scores for one in result.results] == [{**kept, "no_error": 1.0}, {**kept, "no_error": 0.0}]
