import asyncio
import threading
from time import perf_counter

import pytest

from spanscore.evals._stopping import CANCELLED, TIMED_OUT, ended_or_stopped

pytestmark = pytest.mark.core


async def forever() -> None:
    await asyncio.Event().wait()


async def briefly() -> None:
    await asyncio.sleep(0)


async def test_what_ends_by_itself_was_not_stopped() -> None:
    since = perf_counter()
    assert await ended_or_stopped(briefly(), timeout_s=None, since=since, cancel_event=None) is None
    event = threading.Event()
    assert await ended_or_stopped(briefly(), timeout_s=60, since=since, cancel_event=event) is None
    assert not event.is_set()


async def test_what_takes_too_long_is_cancelled() -> None:
    event = threading.Event()
    since = perf_counter() - 60
    assert await ended_or_stopped(forever(), timeout_s=60, since=since, cancel_event=event) == TIMED_OUT
    assert event.is_set()


async def test_what_nobody_wants_any_more_is_cancelled() -> None:
    event = threading.Event()
    event.set()
    stopped = await ended_or_stopped(forever(), timeout_s=None, since=perf_counter(), cancel_event=event)
    assert stopped == CANCELLED


async def test_an_error_passes() -> None:
    async def fails() -> None:
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        await ended_or_stopped(fails(), timeout_s=60, since=perf_counter(), cancel_event=None)


async def test_a_cancelled_caller_cancels_and_sets_the_event() -> None:
    event = threading.Event()
    ended: list[str] = []

    async def noted() -> None:
        try:
            await forever()
        finally:
            ended.append("cleaned up")

    running = ended_or_stopped(noted(), timeout_s=None, since=perf_counter(), cancel_event=event)
    task = asyncio.ensure_future(running)
    for _ in range(3):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (ended, event.is_set()) == (["cleaned up"], True)
