import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry.context import Context
from opentelemetry.trace import INVALID_SPAN

from spanscore.evals._call import Call
from spanscore.evals._step import Step
from spanscore.evals._worker import Workers

pytestmark = pytest.mark.core


class Ended:
    """What a call reported at its end."""

    def __init__(self) -> None:
        self.step: Step | None = None
        self.value: Any = "never"

    def __call__(self, step: Step, value: Any) -> None:
        self.step, self.value = step, value


def call_of(function: Any, ended: Ended, *, is_async: bool) -> Call:
    def open_step() -> Step:
        return Step(INVALID_SPAN, Context())

    return Call(function, is_async=is_async, open_step=open_step, read=str, finish=ended)


@pytest.fixture
async def workers():
    made = Workers(asyncio.get_running_loop())
    yield made
    made.close()


async def value() -> int:
    return 7


async def test_a_coroutine_function_runs_in_the_loop(workers: Workers) -> None:
    ended = Ended()
    await call_of(value, ended, is_async=True).run(workers, None)
    assert (ended.value, ended.step and ended.step.error) == ("7", None)


async def test_a_plain_function_runs_in_a_thread(workers: Workers) -> None:
    ended = Ended()
    await call_of(lambda: 7, ended, is_async=False).run(workers, 60)
    assert ended.value == "7"


async def test_what_a_plain_function_returns_is_awaited_in_the_loop() -> None:
    ended = Ended()
    call = call_of(lambda: value(), ended, is_async=False)
    call.run_here()
    assert ended.value == "never"
    await call.settle()
    assert ended.value == "7"


async def test_settling_what_is_settled_does_nothing() -> None:
    ended = Ended()
    call = call_of(lambda: 7, ended, is_async=False)
    call.run_here()
    ended.value = "once"
    await call.settle()
    assert ended.value == "once"


async def test_an_error_ends_the_call_without_a_value(workers: Workers) -> None:
    ended, boom = Ended(), ValueError("boom")

    async def fails() -> None:
        raise boom

    await call_of(fails, ended, is_async=True).run(workers, None)
    assert ended.value is None
    assert ended.step is not None
    assert ended.step.error is boom


class Odd(BaseException):
    """No Exception, as that of some frameworks."""


@pytest.mark.parametrize("leaving", [SystemExit(3), Odd("odd")])
@pytest.mark.parametrize("timeout_s", [None, 60.0])
@pytest.mark.parametrize("is_async", [True, False])
async def test_who_leaves_the_program_ends_the_call_alone(
    workers: Workers, is_async: bool, timeout_s: float | None, leaving: BaseException
) -> None:
    def leave() -> None:
        raise leaving

    async def leave_later() -> None:
        await asyncio.sleep(0)
        raise leaving

    ended = Ended()
    await call_of(leave_later if is_async else leave, ended, is_async=is_async).run(workers, timeout_s)
    assert ended.value is None
    assert ended.step is not None
    assert ended.step.error is leaving


@pytest.mark.parametrize("timeout_s", [None, 60.0])
async def test_an_interruption_in_a_thread_is_none_of_the_program(
    workers: Workers, timeout_s: float | None
) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    ended = Ended()
    await call_of(interrupt, ended, is_async=False).run(workers, timeout_s)
    assert ended.step is not None
    assert isinstance(ended.step.error, KeyboardInterrupt)


async def test_ctrl_c_in_the_loop_passes(workers: Workers) -> None:
    async def interrupted() -> None:
        raise KeyboardInterrupt

    ended = Ended()
    with pytest.raises(KeyboardInterrupt):
        await call_of(interrupted, ended, is_async=True).run(workers, None)
    assert ended.value == "never"


async def test_a_plain_generator_is_exhausted_in_its_thread(workers: Workers) -> None:
    threads: list[int] = []

    def chunks() -> Iterator[int]:
        threads.append(threading.get_ident())
        yield 1

    ended = Ended()
    await call_of(chunks, ended, is_async=False).run(workers, 60)
    assert ended.value == "[1]"
    assert threads != [threading.get_ident()]
