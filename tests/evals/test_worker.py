import asyncio
import contextvars
import threading

import pytest

from spanscore.evals._worker import Workers

pytestmark = pytest.mark.core


@pytest.fixture
async def workers():
    made = Workers(asyncio.get_running_loop())
    yield made
    made.close()


async def test_a_call_runs_in_a_daemon_thread_with_the_callers_context(workers: Workers) -> None:
    variable = contextvars.ContextVar[str]("variable")
    variable.set("mine")

    def function() -> tuple[str, bool, bool]:
        thread = threading.current_thread()
        return variable.get(), thread.daemon, thread is threading.main_thread()

    assert await workers.run(function) == ("mine", True, False)


async def test_an_exception_comes_back_as_it_is(workers: Workers) -> None:
    boom = ValueError("boom")

    def function() -> None:
        raise boom

    with pytest.raises(ValueError, match="boom") as caught:
        await workers.run(function)
    assert caught.value is boom


async def test_a_stop_iteration_does_not_hang_the_caller(workers: Workers) -> None:
    with pytest.raises(RuntimeError, match="StopIteration"):
        await workers.run(lambda: next(iter(())))


async def test_as_many_calls_run_at_once_as_are_made(workers: Workers) -> None:
    barrier = threading.Barrier(5)
    calls = [asyncio.ensure_future(workers.run(lambda: barrier.wait(10))) for _ in range(5)]
    assert sorted([await call for call in calls]) == [0, 1, 2, 3, 4]


async def test_one_call_after_another_uses_one_thread(workers: Workers) -> None:
    assert len({await workers.run(threading.get_ident) for _ in range(50)}) == 1


async def test_a_call_that_nobody_waits_for_any_more_does_not_keep_others_waiting(workers: Workers) -> None:
    release = threading.Event()
    stuck = asyncio.ensure_future(workers.run(lambda: release.wait(10)))
    await asyncio.sleep(0)
    stuck.cancel()
    assert await workers.run(lambda: "next") == "next"
    release.set()


def test_a_call_may_outlive_its_loop() -> None:
    release, ended = threading.Event(), threading.Event()

    async def leave() -> None:
        workers = Workers(asyncio.get_running_loop())
        call = asyncio.ensure_future(workers.run(function))
        await asyncio.sleep(0)
        call.cancel()
        workers.close()

    def function() -> None:
        release.wait(10)
        ended.set()

    asyncio.run(leave())
    release.set()
    assert ended.wait(10)
