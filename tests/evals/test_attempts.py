"""How often a trial is tried; what each attempt leaves is tested where crews are."""

import threading
from typing import Any

import pytest

from spanscore import start_span
from spanscore.wire.attributes import SCORES

pytestmark = pytest.mark.core


def failing(value: int) -> int:
    raise ValueError("always")


@pytest.mark.parametrize(("retries", "attempts"), [(0, 1), (3, 4)])
async def test_a_task_that_always_fails_is_tried_as_often_as_wanted(
    ran: Any, retries: int, attempts: int
) -> None:
    result, spans = await ran([{"input": 1}], failing, retries=retries)
    assert (result.results[0].attempt, result.error_count) == (attempts, 1)
    assert sum(span.name == "eval" for span in spans) == attempts


async def test_there_is_no_attempt_after_the_budget_is_used_up(ran: Any) -> None:
    result, spans = await ran([{"input": 1}], failing, retries=50, max_seconds=1e-9)
    assert sum(span.name == "eval" for span in spans) == result.finished == 0


async def test_only_the_last_attempt_asks_for_missing_scores(ran: Any) -> None:
    asked: list[Any] = []

    def handler(span: Any, case: Any, names: list[str]) -> dict[str, float]:
        asked.append(names)
        return {}

    await ran([{"input": 1}], failing, [lambda output: 1.0], retries=2, error_score_handler=handler)
    assert asked == [["scorer_0"]]


async def test_an_attempt_that_succeeds_is_the_last(ran: Any) -> None:
    def failing_scorer(output: int) -> float:
        raise KeyError(output)

    def handler(span: Any, case: Any, names: list[str]) -> dict[str, float]:
        return dict.fromkeys(names, 0.25)

    result, _ = await ran(
        [{"input": 1}], lambda value: value, [failing_scorer], retries=2, error_score_handler=handler
    )
    assert result.results[0].scores == {"failing_scorer": 0.25}


@pytest.mark.parametrize("ended_by", ["max_tokens", "cancel_event"])
async def test_the_attempt_after_which_there_may_be_none_asks_for_missing_scores(
    ran: Any, ended_by: str
) -> None:
    cancelled = threading.Event()
    options: dict[str, Any] = {"max_tokens": 50} if ended_by == "max_tokens" else {"cancel_event": cancelled}

    def costly(value: int) -> None:
        with start_span("call", type="llm") as span:
            span.log(metrics={"tokens": 30})
        if len(tried) == 1:
            cancelled.set()
        tried.append(value)
        raise ValueError("always")

    def handler(span: Any, case: Any, names: list[str]) -> dict[str, float]:
        return dict.fromkeys(names, 0.25)

    tried: list[int] = []
    result, spans = await ran(
        [{"input": 1}], costly, [lambda output: 1.0], retries=5, error_score_handler=handler, **options
    )
    assert tried == [1, 1]
    assert [(each.scores, each.attempt) for each in result.results] == [({"scorer_0": 0.25}, 2)]
    given = [dict(span.attributes or {}).get(SCORES) for span in spans if span.name == "eval"]
    assert given == [None, '{"scorer_0":0.25}']
