import asyncio

import pytest

from spanscore.evals._deadline import within

pytestmark = pytest.mark.core


async def test_what_is_quick_enough_comes_back() -> None:
    assert await within(asyncio.sleep(0, "value"), 60) == "value"


async def test_what_is_too_slow_is_cancelled() -> None:
    cancelled = asyncio.Event()

    async def slow() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise

    with pytest.raises(TimeoutError, match=r"took longer than the time-out of 0\.01 s"):
        await within(slow(), 0.01)
    await cancelled.wait()


async def test_its_own_errors_pass_a_timeout_error_too() -> None:
    own = TimeoutError("of the client")

    async def fails() -> None:
        raise own

    with pytest.raises(TimeoutError) as caught:
        await within(fails(), 60)
    assert caught.value is own


async def test_an_error_on_the_way_out_is_nobodys_complaint() -> None:
    async def stubborn() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise ValueError("on the way out") from None

    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: complaints.append(context))
    with pytest.raises(TimeoutError):
        await within(stubborn(), 0.01)
    await asyncio.sleep(0.01)
    assert complaints == []


async def test_cancelling_the_caller_cancels_what_it_waits_for() -> None:
    inner = asyncio.ensure_future(asyncio.Event().wait())
    outer = asyncio.ensure_future(within(inner, 60))
    await asyncio.sleep(0)
    outer.cancel()
    with pytest.raises(asyncio.CancelledError):
        await outer
    with pytest.raises(asyncio.CancelledError):
        await inner
