"""What happens to one case: its functions, their threads, their errors."""

import asyncio
import threading
from typing import Any

import pytest

from spanscore.errors import ScoreError
from spanscore.evals import EvalHooks, EvalResult
from spanscore.evals._worker import Workers
from spanscore.tracing import guard

pytestmark = pytest.mark.core


async def one(ran: Any, task: Any, scores: Any = (), case: Any = None, **options: Any) -> EvalResult:
    result, _ = await ran([case or {"input": 1, "expected": 2}], task, scores, **options)
    (only,) = result.results
    return only


def add(value: int) -> int:
    return value + 1


async def add_async(value: int) -> int:
    await asyncio.sleep(0)
    return value + 1


def exact(output: int, expected: int) -> bool:
    return output == expected


async def exact_async(output: int, expected: int) -> bool:
    await asyncio.sleep(0)
    return output == expected


MIXES = {
    "all plain": (add, [exact, exact]),
    "all async": (add_async, [exact_async, exact_async]),
    "plain task": (add, [exact_async, exact]),
    "async task": (add_async, [exact, exact_async]),
    "lambdas of coroutines": (
        lambda value: add_async(value),
        [lambda output, expected: exact_async(output, expected), exact],
    ),
    "generator": (lambda value: (n for n in [value, 2]), [lambda output: output == [1, 2]]),
    "no scorer": (add, []),
}


@pytest.mark.parametrize("timeout_s", [None, 60.0])
@pytest.mark.parametrize("mix", MIXES)
async def test_plain_and_async_functions_mix(ran: Any, mix: str, timeout_s: float | None) -> None:
    task, scores = MIXES[mix]
    result = await one(ran, task, scores, case_timeout_s=timeout_s)
    assert (result.error, dict(result.scorer_errors)) == (None, {})
    assert list(result.scores.values()) == [1.0] * len(scores)


async def test_the_scores_stand_in_the_order_of_the_scorers(ran: Any) -> None:
    async def b(output: int) -> float:
        return 0.5

    def a(output: int) -> None:
        return None

    assert list((await one(ran, add, [b, a, exact])).scores.items()) == [
        ("b", 0.5),
        ("a", None),
        ("exact", 1.0),
    ]


async def test_a_plain_case_takes_one_hop_to_one_daemon_thread(
    ran: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    hops: list[Any] = []
    run = Workers.run

    async def counted(self: Workers, function: Any) -> Any:
        hops.append(function)
        return await run(self, function)

    threads: list[threading.Thread] = []

    def task(value: int) -> int:
        threads.append(threading.current_thread())
        return value

    def scorer(output: int) -> float:
        threads.append(threading.current_thread())
        return 1.0

    await ran([{"input": 1}], task, [scorer, scorer])
    monkeypatch.setattr(Workers, "run", counted)
    hops_without_cases = len(hops)
    await ran([], task, [scorer, scorer])
    hops_without_cases = len(hops)
    hops.clear()
    await ran([{"input": 1}], task, [scorer, scorer])
    assert len(hops) - hops_without_cases == 1
    assert len(set(threads[:3])) == 1
    assert threads[0].daemon
    assert threads[0] is not threading.current_thread()


async def test_an_async_case_takes_no_hop(ran: Any) -> None:
    threads: set[threading.Thread] = set()

    async def task(value: int) -> int:
        threads.add(threading.current_thread())
        return value

    async def scorer(output: int) -> float:
        threads.add(threading.current_thread())
        return 1.0

    await ran([{"input": 1}], task, [scorer, scorer])
    assert threads == {threading.current_thread()}


async def test_async_scorers_wait_side_by_side(ran: Any) -> None:
    arrived = asyncio.Event()

    async def first(output: int) -> float:
        await asyncio.wait_for(arrived.wait(), 10)
        return 1.0

    async def second(output: int) -> float:
        arrived.set()
        return 1.0

    assert dict((await one(ran, add, [first, second])).scores) == {"first": 1.0, "second": 1.0}


async def test_a_task_that_fails_is_a_value_with_its_exception(ran: Any) -> None:
    boom = ValueError("boom")
    called: list[int] = []

    def task(value: int) -> int:
        raise boom

    def scorer(output: int) -> float:
        called.append(output)
        return 1.0

    result = await one(ran, task, [scorer])
    assert result.error is boom
    assert (result.output, dict(result.scores), dict(result.scorer_errors), called) == (None, {}, {}, [])


async def test_a_scorer_that_fails_does_not_keep_the_others_from_scoring(ran: Any) -> None:
    boom, bang = ValueError("boom"), KeyError("bang")

    def fails(output: int) -> float:
        raise boom

    async def fails_too(output: int) -> float:
        raise bang

    def too_much(output: int) -> float:
        return 1.5

    result = await one(ran, add, [fails, fails_too, too_much, exact])
    assert result.error is None
    assert dict(result.scores) == {"exact": 1.0}
    assert list(result.scorer_errors) == ["fails", "fails_too", "too_much"]
    assert result.scorer_errors["fails"] is boom
    assert result.scorer_errors["fails_too"] is bang
    assert isinstance(result.scorer_errors["too_much"], ScoreError)


async def test_an_exception_whose_text_cannot_be_had_is_kept_all_the_same(
    ran: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "reraise", False)

    class Mute(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no text")

    mute = Mute()

    async def task(value: int) -> int:
        raise mute

    assert (await one(ran, task)).error is mute


async def test_a_cancellation_inside_the_task_is_its_own_error(ran: Any) -> None:
    async def task(value: int) -> int:
        inner = asyncio.ensure_future(asyncio.Event().wait())
        inner.cancel()
        await inner
        return value

    try:
        result = await one(ran, task)
    except asyncio.CancelledError:
        # Before Python 3.11 nobody can tell whose cancellation it was, and it ends the eval.
        assert not hasattr(asyncio.Task, "cancelling")
    else:
        assert isinstance(result.error, asyncio.CancelledError)


@pytest.mark.parametrize("kind", ["plain", "async"])
async def test_a_task_over_the_time_limit_is_a_timeout_error(ran: Any, kind: str) -> None:
    release = threading.Event()

    def plain(value: int) -> None:
        release.wait(10)

    async def asynchronous(value: int) -> None:
        await asyncio.Event().wait()

    result = await one(ran, plain if kind == "plain" else asynchronous, [exact], case_timeout_s=0.05)
    release.set()
    assert isinstance(result.error, TimeoutError)
    assert str(result.error) == "took longer than the time-out of 0.05 s"


async def test_a_scorer_over_the_time_limit_fails_alone(ran: Any) -> None:
    async def slow(output: int) -> float:
        await asyncio.Event().wait()
        return 1.0

    result = await one(ran, add, [slow, exact], case_timeout_s=0.2)
    assert dict(result.scores) == {"exact": 1.0}
    assert isinstance(result.scorer_errors["slow"], TimeoutError)


async def test_what_the_task_changes_is_in_the_result_and_given_to_scorers(ran: Any) -> None:
    seen: dict[str, Any] = {}

    def task(value: int, hooks: EvalHooks) -> int:
        hooks.metadata["nested"]["steps"] = 3
        hooks.tags.append("slow")
        hooks.tags.append("slow")
        seen["hooks"] = (hooks.expected, hooks.trial_index, hooks.span.name)
        return value

    def scorer(output: int, metadata: dict[str, Any], tags: Any) -> float:
        seen["scorer"] = (dict(metadata), tuple(tags))
        return 1.0

    case = {"input": 1, "expected": 2, "metadata": {"nested": {}}, "tags": ["t"]}
    result = await one(ran, task, [scorer], case)
    assert seen == {"hooks": (2, 0, "task"), "scorer": ({"nested": {"steps": 3}}, ("t", "slow"))}
    assert (dict(result.metadata), result.tags) == ({"nested": {"steps": 3}}, ("t", "slow"))
    assert case["metadata"] == {"nested": {}}


async def test_a_result_says_what_went_in_and_out(ran: Any) -> None:
    case = {"input": 1, "expected": 2, "metadata": {"a": 1}, "tags": ["t"]}
    result = await one(ran, add, [exact], case)
    assert 0 < (result.task_duration_s or 0) <= result.duration_s
    assert result == EvalResult(
        input=1,
        output=2,
        expected=2,
        scores={"exact": 1.0},
        metadata={"a": 1},
        tags=("t",),
        error=None,
        scorer_errors={},
        trial_index=0,
        trace_id="00000000000000000000000000000001",
        duration_s=result.duration_s,
        task_duration_s=result.task_duration_s,
    )
