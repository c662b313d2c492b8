"""Tasks and scorers that do what nobody should: each has a defined end, and says clearly what happened."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from spanscore.evals import EvalResult
from spanscore.evals.reporters._account import account_of

pytestmark = pytest.mark.core

LARGE = "x" * 10_000_000


async def one(ran: Any, task: Any, scores: Any = (), **options: Any) -> EvalResult:
    result, _ = await ran([{"input": 1}], task, scores, **options)
    (only,) = result.results
    return only


async def coroutine() -> str:
    return "awaited"


def chunks() -> Iterator[int]:
    yield 1
    yield 2


async def async_chunks() -> AsyncIterator[int]:
    yield 1
    yield 2


OUTPUTS: dict[str, tuple[Any, Any]] = {
    "NaN": (lambda _: float("nan"), "nan"),
    "minus one": (lambda _: -1, "-1"),
    "None": (lambda _: None, "None"),
    "10 MB of text": (lambda _: LARGE, repr(LARGE)),
    "a coroutine": (lambda _: coroutine(), "'awaited'"),
    "a generator": (lambda _: chunks(), "[1, 2]"),
    "an async generator": (lambda _: async_chunks(), "[1, 2]"),
    "an exception that is not raised": (lambda _: ValueError("returned"), "ValueError('returned')"),
    "a class": (lambda _: int, "<class 'int'>"),
}


@pytest.mark.parametrize("case_timeout_s", [None, 60.0])
@pytest.mark.parametrize("name", OUTPUTS)
async def test_whatever_a_task_returns_is_its_output(
    ran: Any, name: str, case_timeout_s: float | None
) -> None:
    task, expected = OUTPUTS[name]
    result = await one(ran, task, [lambda output: 1.0], case_timeout_s=case_timeout_s)
    assert (result.error, repr(result.output), dict(result.scores)) == (None, expected, {"scorer_0": 1.0})


SCORES: dict[str, tuple[Any, str]] = {
    "NaN": (float("nan"), "the score {} is nan, which is not in 0..1; scale it, or return None to skip"),
    "minus one": (-1, "the score {} is -1.0, which is not in 0..1; scale it, or return None to skip"),
    "text": ("good", "{} returned 'good'; return a number in 0..1, None, a dict with 'score'"),
    "10 MB of text": (LARGE, "{} returned 'xxxxx"),
    "a generator": ((n for n in (1, 2)), "{} returned a list with 1, whose name nobody knows"),
}


@pytest.mark.parametrize("name", SCORES)
async def test_what_is_no_score_is_the_scorers_error_and_says_so_in_short(ran: Any, name: str) -> None:
    returned, message = SCORES[name]
    result = await one(ran, lambda value: value, [lambda output: returned])
    error = result.scorer_errors["scorer_0"]
    assert str(error).startswith(message.format("scorer_0"))
    assert len(str(error)) < 300
    assert (result.error, dict(result.scores)) == (None, {})


async def test_a_scorer_may_return_nothing_or_a_coroutine(ran: Any) -> None:
    async def later() -> float:
        return 0.5

    result = await one(ran, lambda value: value, [lambda output: None, lambda output: later()])
    assert dict(result.scores) == {"scorer_0": None, "scorer_1": 0.5}


class Leaving(BaseException):
    """No Exception, like those by which frameworks end their tasks."""


LEAVING: list[BaseException] = [SystemExit(3), Leaving("bye"), GeneratorExit(), KeyboardInterrupt()]


@pytest.mark.parametrize("case_timeout_s", [None, 60.0])
@pytest.mark.parametrize("leaving", LEAVING, ids=lambda each: type(each).__name__)
async def test_who_leaves_in_a_thread_fails_alone(
    ran: Any, leaving: BaseException, case_timeout_s: float | None
) -> None:
    def leave(value: int) -> int:
        if value == 1:
            raise leaving
        return value

    def judge(output: int) -> float:
        if output == 2:
            raise leaving
        return 1.0

    data = [{"input": number} for number in range(4)]
    result, _ = await ran(data, leave, [judge], case_timeout_s=case_timeout_s)
    assert [each.error for each in result.results] == [None, leaving, None, None]
    assert [dict(each.scorer_errors) for each in result.results] == [{}, {}, {"judge": leaving}, {}]
    assert (result.finished, result.error_count) == (4, 2)


@pytest.mark.parametrize("case_timeout_s", [None, 60.0])
async def test_a_coroutine_that_exits_fails_alone(ran: Any, case_timeout_s: float | None) -> None:
    async def leave(value: int) -> int:
        await asyncio.sleep(0)
        raise SystemExit(f"leaving {value}")

    async def judge(output: int) -> float:
        await asyncio.sleep(0)
        raise SystemExit(1)

    result = await one(ran, leave, case_timeout_s=case_timeout_s)
    assert isinstance(result.error, SystemExit)
    result = await one(ran, lambda value: value, [judge, judge], case_timeout_s=case_timeout_s)
    assert [type(error) for error in result.scorer_errors.values()] == [SystemExit, SystemExit]


async def test_hanging_calls_are_given_up_counted_and_told(ran: Any) -> None:
    released = threading.Event()

    def task(value: int) -> int:
        if value == 0:
            released.wait(60)
        return value

    def judge(output: int) -> float:
        if output == 1:
            released.wait(60)
        return 1.0

    data = [{"input": number} for number in range(4)]
    result, _ = await ran(data, task, [judge], case_timeout_s=0.2)
    try:
        assert result.abandoned == 2
        told = "2 calls took too long, were given up, and still run in their threads"
        assert told in account_of(result).notes
        assert str(result.results[0].error) == "took longer than the time-out of 0.2 s"
        assert str(result.results[1].scorer_errors["judge"]) == "took longer than the time-out of 0.2 s"
        assert [dict(each.scores) for each in result.results[2:]] == [{"judge": 1.0}] * 2
    finally:
        released.set()


async def test_a_task_that_is_given_up_is_told(ran: Any) -> None:
    heard = threading.Event()

    def task(value: int, hooks: Any) -> None:
        hooks.cancel_event.wait(60)
        heard.set()

    result = await one(ran, task, case_timeout_s=0.05)
    assert isinstance(result.error, TimeoutError)
    assert heard.wait(60)


HANGING = """
import threading
from spanscore import Eval

hang = threading.Event().wait
result = Eval("hanging", [{"input": 1}], lambda value: hang(), [], case_timeout=0.1, quiet=True)
print(result.abandoned, result.error_count, flush=True)
"""


def test_a_hanging_thread_does_not_hold_the_exit() -> None:
    done = subprocess.run([sys.executable, "-c", HANGING], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "1 1\n"), done.stderr


async def test_metadata_of_the_hooks_outlives_the_error_of_the_task(ran: Any) -> None:
    def task(value: int, hooks: Any) -> None:
        hooks.metadata["reached"] = "step 2"
        hooks.tags.append("failed")
        hooks.tags.append("failed")
        raise ValueError("boom")

    result, spans = await ran([{"input": 1, "metadata": {"a": 1}}], task)
    (only,) = result.results
    assert (only.metadata, only.tags) == ({"a": 1, "reached": "step 2"}, ("failed",))
    root = next(span for span in spans if span.name == "eval")
    assert '"reached":"step 2"' in root.attributes["braintrust.metadata"]
    assert root.attributes["braintrust.tags"] == ("failed",)
