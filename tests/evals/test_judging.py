"""Scorers and classifiers of one case, side by side."""

import asyncio
import threading
from typing import Any

import pytest

pytestmark = pytest.mark.core


async def test_scorers_and_classifiers_wait_side_by_side(ran: Any) -> None:
    arrived = asyncio.Event()

    async def scorer(output: int) -> float:
        await asyncio.wait_for(arrived.wait(), 30)
        return 1.0

    async def classifier(output: int) -> dict[str, str]:
        arrived.set()
        return {"id": "x"}

    result, _ = await ran([{"input": 1}], lambda value: value, [scorer], classifiers=[classifier])
    (only,) = result.results
    assert (dict(only.scores), only.classifications) == (
        {"scorer": 1.0},
        {"classifier": [{"id": "x"}]},
    )


async def test_plain_judges_run_in_the_thread_of_the_task(ran: Any) -> None:
    threads: list[int] = []

    def noted(value: Any) -> Any:
        threads.append(threading.get_ident())
        return value

    result, _ = await ran(
        [{"input": 1}],
        noted,
        [lambda output: noted(1.0)],
        classifiers=[lambda output: noted({"id": "x"})],
    )
    assert result.success
    assert len(threads) == 3
    assert len({*threads}) == 1
    assert threads[0] != threading.get_ident()


async def test_a_score_that_several_scorers_give_is_their_mean(ran: Any) -> None:
    def scorers(*values: float | None) -> list[Any]:
        return [lambda output, value=value: {"name": "shared", "score": value} for value in values]

    for values, mean in (((1.0, 0.5, None), 0.75), ((None, None), None)):
        result, _ = await ran([{"input": 1}], lambda value: value, scorers(*values))
        assert result.results[0].scores == {"shared": mean}


async def test_no_judge_runs_after_a_failed_task(ran: Any) -> None:
    called: list[Any] = []

    def task(value: int) -> int:
        raise ValueError("boom")

    def judge(output: int) -> None:
        called.append(output)

    result, spans = await ran([{"input": 1}], task, [judge], classifiers=[judge])
    (only,) = result.results
    assert (called, dict(only.scores), only.classifications) == ([], {}, {})
    assert sorted(span.name for span in spans) == ["eval", "task"]
