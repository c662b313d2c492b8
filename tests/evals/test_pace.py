"""Scorers that wait run side by side; those that never do need no task of their own."""

import asyncio

import pytest

from spanscore.evals._pace import Pace, Watched

pytestmark = pytest.mark.core


async def at_once() -> str:
    return "at once"


async def later() -> str:
    await asyncio.sleep(0)
    await asyncio.sleep(0.001)
    return "later"


async def test_what_never_waits_is_told_from_what_does() -> None:
    quick, slow = Watched(at_once()), Watched(later())
    assert (await quick, quick.waited) == ("at once", False)
    assert (await slow, slow.waited) == ("later", True)


async def test_what_has_begun_may_be_awaited_from_there() -> None:
    quick, slow = Watched(at_once()), Watched(later())
    assert (quick.begin(), quick.returned) == (True, "at once")
    assert not slow.begin()
    assert (await slow, slow.waited) == ("later", True)


async def test_exceptions_and_cancellations_pass_through() -> None:
    caught: list[type[BaseException]] = []

    async def fail() -> None:
        await asyncio.sleep(0)
        raise ValueError("x")

    async def wait() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError as error:
            caught.append(type(error))
            raise

    async def run(watched: Watched) -> None:
        await watched

    with pytest.raises(ValueError, match="x"):
        await Watched(fail())
    task = asyncio.ensure_future(run(Watched(wait())))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert caught == [asyncio.CancelledError]


async def test_scorer_that_handles_a_cancellation_goes_on() -> None:
    async def survive() -> str:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            await asyncio.sleep(0)
        return "survived"

    async def run() -> str:
        return await Watched(survive())

    task = asyncio.ensure_future(run())
    await asyncio.sleep(0)
    task.cancel()
    assert await task == "survived"


async def test_scorer_is_quick_until_it_waits() -> None:
    pace = Pace()
    assert not pace.is_quick("s")
    await pace.watch("s", at_once())
    assert pace.is_quick("s")
    assert pace.begun("s", at_once()) is None
    rest = pace.begun("s", later())
    assert rest is not None
    assert await rest == "later"
    assert not pace.is_quick("s")
    await pace.watch("s", at_once())
    assert not pace.is_quick("s")
