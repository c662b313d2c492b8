from typing import Any

import pytest

from spanscore.errors import ConfigError, ScoreError
from spanscore.evals import CaseTrace
from spanscore.scorers import CostLimit, LatencyLimit, TokenLimit
from trace_rows import row

pytestmark = pytest.mark.core


def trace(*metrics: dict[str, Any]) -> CaseTrace:
    """Of a task of two seconds, and a call of a model for each of `metrics`."""
    calls = [row("chat", "llm", number=n, above=1, metrics=taken) for n, taken in enumerate(metrics, 2)]
    judge = row(
        "judge", "llm", number=9, above=8, purpose="scorer", metrics={"tokens": 999, "estimated_cost": 9}
    )
    return CaseTrace.of_rows([row("task", duration_s=2.0), *calls, judge])


TOLD = trace(
    {"tokens": 60, "prompt_tokens": 50, "completion_tokens": 10, "estimated_cost": 0.5}, {"tokens": 40}
)
CASES: dict[str, tuple[Any, CaseTrace, float | None, dict[str, Any]]] = {
    "in time": (LatencyLimit(2), TOLD, 1.0, {"seconds": 2.0, "limit": 2}),
    "too late": (LatencyLimit(1.5), TOLD, 0.0, {"seconds": 2.0, "limit": 1.5}),
    "graded": (LatencyLimit(1, graded=True), TOLD, 0.5, {"seconds": 2.0, "limit": 1}),
    "graded and in time": (LatencyLimit(4, graded=True), TOLD, 1.0, {"seconds": 2.0, "limit": 4}),
    "no time at all": (LatencyLimit(0, graded=True), TOLD, 0.0, {"seconds": 2.0, "limit": 0}),
    "few tokens": (TokenLimit(100), TOLD, 1.0, {"tokens": 100, "limit": 100}),
    "many tokens": (TokenLimit(99), TOLD, 0.0, {"tokens": 100, "limit": 99}),
    "many tokens, graded": (TokenLimit(25, graded=True), TOLD, 0.25, {"tokens": 100, "limit": 25}),
    "of a kind": (
        TokenLimit(10, kind="completion_tokens"),
        TOLD,
        1.0,
        {"completion_tokens": 10, "limit": 10},
    ),
    "no calls": (TokenLimit(1), trace(), 1.0, {"tokens": 0, "limit": 1}),
    "calls that tell no tokens": (TokenLimit(1), trace({}), None, {"skipped": "no call tells its tokens"}),
    "cheap": (CostLimit(0.5), TOLD, 1.0, {"estimated_cost": 0.5, "limit": 0.5}),
    "dear": (CostLimit(0.4), TOLD, 0.0, {"estimated_cost": 0.5, "limit": 0.4}),
    "no calls that cost": (CostLimit(0), trace(), 1.0, {"estimated_cost": 0, "limit": 0}),
    "calls that tell no cost": (
        CostLimit(1),
        trace({"tokens": 1}),
        None,
        {"skipped": "no call tells its cost; switch it on by setup(estimate_cost=True)"},
    ),
}


@pytest.mark.parametrize(("scorer", "given", "score", "metadata"), CASES.values(), ids=CASES.keys())
def test_score(scorer: Any, given: CaseTrace, score: float | None, metadata: dict[str, Any]) -> None:
    found = scorer(given)
    assert (found.score, found.metadata) == (score, metadata)


def test_a_task_that_was_not_recorded() -> None:
    with pytest.raises(ScoreError, match="latency_limit finds no span of the task"):
        LatencyLimit(1)(CaseTrace.of_rows([row("search", "tool")]))


@pytest.mark.parametrize("scorer", [LatencyLimit(1), TokenLimit(1), CostLimit(1)])
def test_without_a_trace(scorer: Any) -> None:
    with pytest.raises(ScoreError, match=f"{scorer.name} looks at the trace, and this eval records none"):
        scorer(None)


@pytest.mark.parametrize("limit", [-1, float("nan"), float("inf"), None, "1", True])
@pytest.mark.parametrize("kind", [LatencyLimit, TokenLimit, CostLimit])
def test_a_limit_is_a_number(kind: Any, limit: Any) -> None:
    with pytest.raises(ConfigError, match="give a number from 0"):
        kind(limit)


def test_a_kind_of_tokens_that_there_is_not() -> None:
    with pytest.raises(ConfigError, match="kind is 'total'"):
        TokenLimit(1, kind="total")
