"""Cases at once: how many, what stops them, and what that leaves."""

import asyncio
import threading
import time
from typing import Any

import pytest

from spanscore.errors import EvalTimeoutError
from spanscore.evals import ExperimentResult
from spanscore.evals._crew import Turns
from spanscore.evals._pressure import CAP, START
from spanscore.wire.http_attempts import HTTP_ATTEMPTS, HttpAttempt

pytestmark = pytest.mark.core


def rows(count: int) -> list[dict[str, Any]]:
    return [{"input": number} for number in range(count)]


class Gauge:
    """How many run at once."""

    def __init__(self) -> None:
        self.running = self.most = 0
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        with self._lock:
            self.running += 1
            self.most = max(self.most, self.running)

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self.running -= 1


async def test_turns_of_the_loop_are_told_apart() -> None:
    turns = Turns()
    seen = [turns.current(), turns.current()]
    await asyncio.sleep(0)
    seen.append(turns.current())
    await asyncio.sleep(0.001)
    seen.append(turns.current())
    first, same, second, third = seen
    assert first == same < second < third


async def test_cases_that_have_waited_do_not_wait_again(ran: Any) -> None:
    loop = asyncio.get_running_loop()
    turns: list[int] = []

    def count() -> None:
        turns.append(1)
        if len(turns) < 10_000:
            loop.call_soon(count)

    async def wait(value: int) -> int:
        if value == 1:
            loop.call_soon(count)
        await asyncio.sleep(0)
        if value == 20:
            turns.extend([0] * 10_000)
        return value

    result, _ = await ran(rows(21), wait, max_concurrency=1)
    assert result.finished == 21
    assert sum(turns) < 30


async def test_more_cases_run_while_they_wait(ran: Any) -> None:
    gauge = Gauge()

    async def wait(value: int) -> None:
        with gauge:
            await asyncio.sleep(0.05)

    result, _ = await ran(rows(400), wait)
    assert (result.finished, result.error_count) == (400, 0)
    assert START < gauge.most <= CAP


async def test_fewer_run_after_a_refusal(ran: Any) -> None:
    refused = HttpAttempt(host="api.example.com", status=429, headers={})
    gauge = Gauge()

    async def wait(value: int) -> None:
        if value < START:
            HTTP_ATTEMPTS.publish(refused)
            return
        with gauge:
            await asyncio.sleep(0)

    await ran(rows(30), wait)
    assert gauge.most <= 8
    assert not HTTP_ATTEMPTS.is_heard


async def test_scorers_have_a_limit_of_their_own(ran: Any) -> None:
    tasks, judges = Gauge(), Gauge()

    async def task(value: int) -> int:
        with tasks:
            await asyncio.sleep(0.005)
        return value

    async def judge(output: int) -> float:
        with judges:
            await asyncio.sleep(0.005)
        return 1.0

    def plain(output: int) -> float:
        with judges:
            time.sleep(0.001)
        return 1.0

    result, _ = await ran(rows(30), task, [judge, plain], max_concurrency=5, max_scorer_concurrency=2)
    assert (tasks.most, judges.most) == (5, 2)
    assert [dict(each.scores) for each in result.results] == [{"judge": 1.0, "plain": 1.0}] * 30


@pytest.mark.parametrize("kind", ["async", "plain"])
async def test_after_the_timeout_what_is_finished_is_kept_and_raised(ran: Any, kind: str) -> None:
    released = threading.Event()

    async def hang(value: int) -> int:
        if value >= 3:
            await asyncio.Event().wait()
        return value

    def hang_in_thread(value: int) -> int:
        if value >= 3:
            released.wait(60)
        return value

    task = hang if kind == "async" else hang_in_thread
    with pytest.raises(EvalTimeoutError, match="3 cases had finished and are kept") as caught:
        await ran(rows(9), task, [lambda output: 1.0], timeout_s=0.5, max_concurrency=1)
    released.set()
    result = caught.value.result
    assert isinstance(result, ExperimentResult)
    assert isinstance(caught.value, TimeoutError)
    assert [each.output for each in result.results] == [0, 1, 2]
    assert (result.stopped, result.summary.partial) == ("the timeout of the run is over",) * 2
    assert result.abandoned == (1 if kind == "plain" else 0)


async def test_a_cancel_event_ends_the_run_with_what_is_finished(ran: Any) -> None:
    event = threading.Event()

    async def task(value: int, hooks: Any) -> int:
        if value == 3:
            hooks.cancel_event.set()
            await asyncio.Event().wait()
        return value

    result, _ = await ran(rows(9), task, max_concurrency=1, cancel_event=event)
    assert [each.output for each in result.results] == [0, 1, 2]
    assert result.stopped == "the run was cancelled by its cancel_event"


async def test_no_case_begins_once_the_cancel_event_is_set(ran: Any) -> None:
    event = threading.Event()

    def task(value: int, hooks: Any) -> int:
        if value == 3:
            hooks.cancel_event.set()
        return value

    result, _ = await ran(rows(99), task, max_concurrency=1, cancel_event=event)
    # The case that sets it may end before anybody looks, or be given up.
    assert [each.output for each in result.results] in ([0, 1, 2], [0, 1, 2, 3])
    assert result.stopped == "the run was cancelled by its cancel_event"


async def test_the_cancel_event_is_set_when_time_is_over(ran: Any) -> None:
    event = threading.Event()
    with pytest.raises(EvalTimeoutError):
        await ran(rows(1), lambda value: event.wait(60), timeout_s=0.2, cancel_event=event)
    assert event.is_set()


async def test_no_case_begins_after_max_seconds_and_those_that_run_end(ran: Any) -> None:
    async def task(value: int) -> int:
        await asyncio.sleep(0.3)
        return value

    result, _ = await ran(rows(9), task, max_concurrency=2, max_seconds=0.1)
    assert [each.output for each in result.results] == [0, 1]
    assert result.stopped == result.summary.partial == "max_seconds=0.1 have passed"


@pytest.mark.parametrize("kind", ["async", "plain"])
async def test_a_failed_task_is_tried_again(ran: Any, kind: str) -> None:
    tries: dict[int, int] = {}

    def plain(value: int, hooks: Any) -> int:
        tries[value] = tries.get(value, 0) + 1
        hooks.metadata["try"] = tries[value]
        if value == 1 and tries[value] < 3:
            raise ValueError(f"try {tries[value]}")
        if value == 2:
            raise KeyError("always")
        return value

    async def asynchronous(value: int, hooks: Any) -> int:
        return plain(value, hooks)

    def judge(output: int) -> float:
        raise ValueError("a scorer that fails is no reason to try again")

    task = asynchronous if kind == "async" else plain
    result, spans = await ran(rows(3), task, [judge], retries=2)
    assert tries == {0: 1, 1: 3, 2: 3}
    assert [(each.output, each.attempt, each.metadata) for each in result.results] == [
        (0, 1, {"try": 1}),
        (1, 3, {"try": 3}),
        (None, 3, {"try": 3}),
    ]
    assert isinstance(result.results[2].error, KeyError)
    roots = [span for span in spans if span.name == "eval"]
    assert len({span.context.trace_id for span in roots}) == len(roots) == 7
    assert [each.where for each in result.errors] == ["judge", "judge", "task"]
