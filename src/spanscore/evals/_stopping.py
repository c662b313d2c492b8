"""What ends a run before its last case: its time-out, or somebody's wish."""

import asyncio
import threading
from collections.abc import Coroutine
from time import perf_counter
from typing import Any, Final

TIMED_OUT: Final = "the timeout of the run is over"
CANCELLED: Final = "the run was cancelled by its cancel_event"
INTERRUPTED: Final = "the run was interrupted"
_POLL_S: Final = 0.05
_GRACE_S: Final = 10.0


async def ended_or_stopped(
    running: Coroutine[Any, Any, None],
    *,
    timeout_s: float | None,
    since: float,
    cancel_event: threading.Event | None,
) -> str | None:
    """None when `running` has ended, else why it was cancelled before; what it raises is raised here.

    The time-out counts from `since`, as of `perf_counter`. `cancel_event` is set after the time-out and when
    the caller is cancelled, so that whoever looks at it hears of that.
    """
    task = asyncio.ensure_future(running)
    try:
        while not task.done():
            left_s = None if timeout_s is None else timeout_s - (perf_counter() - since)
            if left_s is not None and left_s <= 0:
                return await _cancelled(task, TIMED_OUT, cancel_event)
            if cancel_event is not None:
                if cancel_event.is_set():
                    return await _cancelled(task, CANCELLED, cancel_event)
                left_s = _POLL_S if left_s is None else min(left_s, _POLL_S)
            await asyncio.wait({task}, timeout=left_s)
    except BaseException:
        await _cancelled(task, CANCELLED, cancel_event)
        raise
    task.result()
    return None


async def _cancelled(task: "asyncio.Task[None]", reason: str, cancel_event: threading.Event | None) -> str:
    """The reason, after the task was cancelled and has had time for its cleanup."""
    if cancel_event is not None:
        cancel_event.set()
    task.cancel()
    await asyncio.wait({task}, timeout=_GRACE_S)
    return reason
