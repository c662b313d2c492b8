"""Which scorers ever wait: those that never do need no asyncio task of their own."""

from collections.abc import Callable, Coroutine, Generator
from typing import Any


class Watched:
    """A coroutine to be awaited; `waited` says afterwards whether it had to wait for anything."""

    __slots__ = ("_coroutine", "waited")

    def __init__(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        self._coroutine = coroutine
        self.waited = False

    def __await__(self) -> Generator[Any, Any, Any]:
        step: Callable[[Any], Any] = self._coroutine.send
        argument: Any = None
        while True:
            try:
                wanted = step(argument)
            except StopIteration as end:
                return end.value
            self.waited = True
            try:
                step, argument = self._coroutine.send, (yield wanted)
            except GeneratorExit:
                self._coroutine.close()
                raise
            except BaseException as error:  # noqa: BLE001 - a cancellation goes on to who is waiting
                step, argument = self._coroutine.throw, error


class Pace:
    """What has been seen of the scorers of an eval.

    A scorer is quick once it has run and as long as it has never had to wait; quick ones run one after the
    other.
    """

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._slow: set[str] = set()

    def is_quick(self, scorer: str) -> bool:
        """True if the scorer has run and never waited."""
        return scorer in self._seen and scorer not in self._slow

    async def watch(self, scorer: str, coroutine: Coroutine[Any, Any, Any]) -> None:
        """Await `coroutine`, a run of `scorer`, and take note."""
        if scorer in self._slow:
            await coroutine
            return
        watched = Watched(coroutine)
        await watched
        self._seen.add(scorer)
        if watched.waited:
            self._slow.add(scorer)
