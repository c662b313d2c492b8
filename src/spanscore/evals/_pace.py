"""Which scorers ever wait: those that never do need no asyncio task of their own."""

from collections.abc import Callable, Coroutine, Generator
from typing import Any


class Watched:
    """A coroutine to be awaited; `waited` says afterwards whether it had to wait for anything.

    `begin` runs it as far as it goes without. When that is to its end, nothing is left to await, and
    `returned` is what it returned.
    """

    __slots__ = ("_coroutine", "_wanted", "returned", "waited")

    def __init__(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        self._coroutine = coroutine
        self._wanted: Any = None
        self.returned: Any = None
        self.waited = False

    def begin(self) -> bool:
        """Run it until it has to wait; True if it has ended without."""
        return self._has_ended(self._coroutine.send, None)

    def __await__(self) -> Generator[Any, Any, Any]:
        if not self.waited and self.begin():
            return self.returned
        step: Callable[[Any], Any]
        while True:
            try:
                step, argument = self._coroutine.send, (yield self._wanted)
            except GeneratorExit:
                self._coroutine.close()
                raise
            except BaseException as error:  # noqa: BLE001 - a cancellation goes on to who is waiting
                step, argument = self._coroutine.throw, error
            if self._has_ended(step, argument):
                return self.returned

    def _has_ended(self, step: Callable[[Any], Any], argument: Any) -> bool:
        try:
            self._wanted = step(argument)
        except StopIteration as end:
            self.returned = end.value
            return True
        self.waited = True
        return False


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

    def begun(self, scorer: str, coroutine: Coroutine[Any, Any, Any]) -> Watched | None:
        """Run `coroutine`, a run of `scorer`, as far as it goes without waiting; what is left to await."""
        watched = Watched(coroutine)
        has_ended = watched.begin()
        self._seen.add(scorer)
        if has_ended:
            return None
        self._slow.add(scorer)
        return watched

    async def watch(self, scorer: str, coroutine: Coroutine[Any, Any, Any]) -> None:
        """Await `coroutine`, a run of `scorer`, and take note."""
        if scorer in self._slow:
            await coroutine
        elif (rest := self.begun(scorer, coroutine)) is not None:
            await rest
