"""A time limit for what is awaited."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

_T = TypeVar("_T")


async def within(awaitable: Awaitable[_T], timeout_s: float) -> _T:
    """What `awaitable` gives, or TimeoutError after `timeout_s` seconds; it is cancelled then.

    Unlike `asyncio.wait_for` it passes on a TimeoutError of the awaitable's own, and does not wait until the
    cancelled one is through.
    """
    future = asyncio.ensure_future(awaitable)
    try:
        done, _ = await asyncio.wait({future}, timeout=timeout_s)
    except asyncio.CancelledError:
        future.cancel()
        raise
    if done:
        return future.result()
    future.cancel()
    future.add_done_callback(_noticed)
    raise TimeoutError(f"took longer than the time-out of {timeout_s:g} s")


def _noticed(future: "asyncio.Future[_T]") -> None:
    """Ask for the outcome, so that asyncio does not complain of an exception that nobody saw."""
    if not future.cancelled():
        future.exception()
