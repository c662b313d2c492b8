"""An event loop for one coroutine, which nothing that ignores its cancellation holds open."""

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

_T = TypeVar("_T")

_GRACE_S: Final = 1.0
"""How long what the coroutine has left behind may clean up."""


def run_in_own_loop(main: Coroutine[Any, Any, _T]) -> _T:
    """What `main` returns or raises, as `asyncio.run` gives it.

    Tasks that it leaves behind are cancelled. `asyncio.run` waits for them for ever, so that one which
    catches its cancellation and goes on would never let the program end; here it is given up after a second.
    """
    started: list[asyncio.Task[Any]] = []

    async def known() -> _T:
        task = asyncio.current_task()
        started.extend(() if task is None else (task,))
        return await main

    if sys.version_info >= (3, 11):
        runner = asyncio.Runner()
        try:
            return runner.run(known())
        finally:
            _close(runner.get_loop(), started)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        return loop.run_until_complete(known())
    finally:
        _close(loop, started)


def _close(loop: asyncio.AbstractEventLoop, started: list["asyncio.Task[Any]"]) -> None:
    try:
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        for interrupted in left.intersection(started):  # by a second Ctrl-C; it ends by itself
            loop.run_until_complete(asyncio.wait({interrupted}))
        if others := left.difference(started):
            loop.run_until_complete(asyncio.wait(others, timeout=_GRACE_S))
            # Of those that are still there asyncio would complain when they are collected.
            loop.set_exception_handler(lambda _loop, _context: None)
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        asyncio.set_event_loop(None)
        loop.close()
