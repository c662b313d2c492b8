"""An event loop for one coroutine, which nothing that ignores its cancellation holds open."""

import asyncio
import signal
import socket
import sys
import threading
from collections.abc import Coroutine, Generator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

_T = TypeVar("_T")

_MOST_SIGNALS: Final = 4_096
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
            with _woken_by_signals(runner.get_loop()):
                return runner.run(known())
        finally:
            _close(runner.get_loop(), started)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        with _woken_by_signals(loop):
            return loop.run_until_complete(known())
    finally:
        _close(loop, started)


@contextmanager
def _woken_by_signals(loop: asyncio.AbstractEventLoop) -> Generator[None, None, None]:
    """Have every signal wake the loop for the length of a `with` block.

    One that comes while the main thread is about to wait, but does not yet, would else be looked at only when
    something else wakes the loop: a Ctrl-C that nobody hears, for as long as all cases wait in threads.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    reader, writer = socket.socketpair()
    with reader, writer:
        for end in (reader, writer):
            end.settimeout(0)
        loop.add_reader(reader, lambda: reader.recv(_MOST_SIGNALS))
        before = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(before)
            loop.remove_reader(reader)


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
