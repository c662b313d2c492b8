"""Daemon threads that run the user's synchronous functions for an event loop."""

import asyncio
import contextvars
import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

_T = TypeVar("_T")


class Job:
    """One call: the function, the context it runs in, and what came of it."""

    __slots__ = ("context", "error", "function", "value")

    def __init__(self, function: Callable[[], Any]) -> None:
        self.function = function
        self.context = contextvars.copy_context()
        self.value: Any = None
        self.error: BaseException | None = None


# Beside the job, not in it: a future and a job that hold each other would keep the case in memory until the
# next cyclic collection.
_Waited = tuple[Job, "asyncio.Future[Job]"]


class Workers:
    """As many daemon threads as calls run at once, started when needed, for one event loop.

    A thread pool of the standard library would hold the interpreter's exit until a hanging call returns; a
    daemon thread does not. A call whose waiter was cancelled runs on, its result is dropped, and until it
    returns it is among `given_up`. No more than `most` calls run at once, those given up aside.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, most: int | None = None) -> None:
        self._loop = loop
        self._most = most
        self._given_up: set[Job] = set()
        self._jobs: SimpleQueue[_Waited | None] = SimpleQueue()
        self._finished: deque[_Waited] = deque()
        self._signalled = False
        self._threads = 0
        self._running = 0

    @property
    def given_up(self) -> int:
        """How many calls still run that nobody waits for any more."""
        return len(self._given_up)

    async def run(self, function: Callable[[], _T]) -> _T:
        """What `function` returns or raises, run in a thread with the caller's context variables."""
        job = await self.perform(function)
        if job.error is not None:
            raise job.error
        return job.value

    async def perform(self, function: Callable[[], Any]) -> Job:
        """The finished call of `function`, which has run in a thread with the caller's context variables."""
        future: asyncio.Future[Job] = self._loop.create_future()
        self._running += 1
        if self._running > self._threads and (
            self._most is None or self._threads < self._most + len(self._given_up)
        ):
            self._start_thread()
        job = Job(function)
        self._jobs.put((job, future))
        try:
            return await future
        except asyncio.CancelledError:
            self._given_up.add(job)
            raise

    def close(self) -> None:
        """Let each thread end after the call it is in; waits for nothing."""
        for _ in range(self._threads):
            self._jobs.put(None)
        self._threads = 0

    def _start_thread(self) -> None:
        self._threads += 1
        threading.Thread(target=self._serve, name=f"spanscore-eval-{self._threads}", daemon=True).start()

    def _serve(self) -> None:
        while (waited := self._jobs.get()) is not None:
            _perform(waited[0])
            self._finished.append(waited)
            del waited  # the result must not live on while the thread waits for more
            # One wake-up of the loop serves all that have finished by then; it is the dear part of a hop.
            if not self._signalled:
                self._signalled = True
                if not self._wake():
                    return

    def _wake(self) -> bool:
        try:
            self._loop.call_soon_threadsafe(self._deliver)
        except RuntimeError:  # the loop was closed: nobody waits any more
            return False
        return True

    def _deliver(self) -> None:
        self._signalled = False
        while self._finished:
            job, future = self._finished.popleft()
            self._running -= 1
            self._given_up.discard(job)
            if not future.done():
                future.set_result(job)


def _perform(job: Job) -> None:
    try:
        job.value = job.context.run(job.function)
    except BaseException as error:  # noqa: BLE001  the waiter gets it, whatever it is
        job.error = error
