import asyncio
from contextvars import copy_context

import pytest
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import INVALID_SPAN

from spanscore.evals._step import ContainedError, Step
from spanscore.testing import recorded_spans
from spanscore.tracing import start_span

pytestmark = pytest.mark.core


def step() -> Step:
    return Step(INVALID_SPAN, Context())


def test_what_the_function_raises_is_kept() -> None:
    boom = ValueError("boom")
    with step() as kept:
        raise boom
    assert kept.error is boom


def test_what_was_carried_through_the_loop_is_kept_as_it_was() -> None:
    leaving = SystemExit(3)
    with step() as kept:
        raise ContainedError(leaving)
    assert kept.error is leaving


@pytest.mark.skipif(
    not hasattr(asyncio.Task, "cancelling"), reason="before Python 3.11 nobody can tell whose it was"
)
async def test_the_cancellation_of_the_eval_goes_on_and_one_of_the_functions_own_does_not() -> None:
    with step() as kept:
        raise asyncio.CancelledError
    assert isinstance(kept.error, asyncio.CancelledError)

    async def cancelled() -> None:
        with step():
            await asyncio.Event().wait()

    task = asyncio.ensure_future(cancelled())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_ctrl_c_is_recorded_and_goes_on() -> None:
    with recorded_spans() as recorded, start_span("above"), pytest.raises(KeyboardInterrupt):
        span = trace.get_current_span()
        with Step(span, Context()):
            raise KeyboardInterrupt
    assert [event.name for event in recorded.spans[0].events] == ["exception"]


def test_a_coroutine_that_is_collected_in_another_context_says_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def given_up() -> None:
        with step():
            await asyncio.sleep(0)

    running = given_up()
    copy_context().run(running.send, None)
    running.close()
    assert caplog.text == ""
