"""A loop of one's own: it ends with its coroutine, whatever that has left behind."""

import asyncio
import contextlib
import signal
import subprocess
import sys

import pytest

from spanscore.api._own_loop import run_in_own_loop

pytestmark = pytest.mark.core


async def stubborn() -> None:
    while True:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(60)


def test_what_the_coroutine_returns_and_raises() -> None:
    async def failing() -> None:
        raise KeyError("mine")

    assert run_in_own_loop(asyncio.sleep(0, "result")) == "result"
    with pytest.raises(KeyError, match="mine"):
        run_in_own_loop(failing())


def test_what_is_left_behind_is_cancelled_and_may_clean_up() -> None:
    told: list[str] = []

    async def tidy() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0)
            told.append("tidied")

    async def main() -> None:
        left.append(asyncio.ensure_future(tidy()))
        await asyncio.sleep(0)

    left: list[object] = []
    run_in_own_loop(main())
    assert told == ["tidied"]


def test_a_task_that_ignores_its_cancellation_does_not_hold_up_the_end(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def main() -> str:
        left.append(asyncio.ensure_future(stubborn()))
        await asyncio.sleep(0)
        return "result"

    left: list[object] = []
    assert run_in_own_loop(main()) == "result"
    left.clear()
    assert caplog.text == ""


def test_after_ctrl_c_the_coroutine_ends_by_itself() -> None:
    told: list[str] = []

    async def main() -> None:
        left.append(asyncio.ensure_future(stubborn()))
        try:
            await asyncio.sleep(0)
            signal.raise_signal(signal.SIGINT)
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0)
            told.append("ended")

    left: list[object] = []
    with pytest.raises(KeyboardInterrupt):
        run_in_own_loop(main())
    assert told == ["ended"]


ELSEWHERE = """
import asyncio, os, signal, sys, threading, time
from spanscore.api._own_loop import run_in_own_loop

signal.signal(signal.SIGINT, signal.default_int_handler)
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def interrupt():
    time.sleep(0.5)  # the main thread waits by now
    # Only this thread takes it, so that it does not end that wait.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    os.kill(os.getpid(), signal.SIGINT)
    threading.Event().wait(60)


async def main():
    threading.Thread(target=interrupt, daemon=True).start()
    await asyncio.get_running_loop().create_future()


try:
    run_in_own_loop(main())
except KeyboardInterrupt:
    print("heard")
"""


def test_ctrl_c_is_heard_whichever_thread_the_system_gives_it_to() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", ELSEWHERE], capture_output=True, text=True, check=False, timeout=30
    )
    assert (ended.returncode, ended.stdout) == (0, "heard\n")
