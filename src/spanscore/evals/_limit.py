"""The limit: how many of something run at once in an event loop."""

import asyncio
from collections import deque
from collections.abc import Mapping
from types import TracebackType

from spanscore.evals._pressure import Pressure
from spanscore.wire.http_attempts import HttpAttempt


class Limit:
    """Lets so many run at once; `async with limit:` waits until there is room.

    Of a number it is that, of a Pressure as many as that allows at the moment. It belongs to the event loop
    that uses it; only `told` may be called from other threads.
    """

    def __init__(self, allowed: int | Pressure) -> None:
        self._fixed = allowed if isinstance(allowed, int) else 0
        self._pressure = None if isinstance(allowed, int) else allowed
        self._running = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def allowed(self) -> int:
        """How many may run at once."""
        return self._fixed if self._pressure is None else self._pressure.allowed

    @property
    def is_adaptive(self) -> bool:
        """True if the number follows how providers answer."""
        return self._pressure is not None

    def told(self, status: int | None, headers: Mapping[str, str]) -> None:
        """Take note of how an attempt of a request was answered; a fixed limit does not mind."""
        if self._pressure is not None:
            self._pressure.told(status, headers)

    def heard(self, attempt: HttpAttempt) -> None:
        """`told` for a listener of HTTP_ATTEMPTS."""
        self.told(attempt.status, attempt.headers)

    async def __aenter__(self) -> None:
        if self._running >= self.allowed or self._held_s():
            await self._room()
        self._running += 1

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._pressure is not None:
            self._pressure.ended(is_full=self._running >= self._pressure.allowed)
        self._running -= 1
        if self._waiting:
            self._wake()

    async def _room(self) -> None:
        """Return when one more may run. Those that have waited longest are asked first."""
        while True:
            if held_s := self._held_s():
                await asyncio.sleep(held_s)
            elif self._running < self.allowed:
                return
            else:
                await self._woken()

    async def _woken(self) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        try:
            await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                self._wake()  # the room that was meant for this one is another's
            raise

    def _wake(self) -> None:
        room = self.allowed - self._running
        while room > 0 and self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                future.set_result(None)
                room -= 1

    def _held_s(self) -> float:
        return 0.0 if self._pressure is None else self._pressure.held_s
