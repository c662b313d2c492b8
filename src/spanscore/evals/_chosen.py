"""The cases of a subset, of which there has to be one."""

import asyncio
from collections.abc import Callable

from spanscore.errors import NoCasesError
from spanscore.evals._case import EvalCase
from spanscore.evals._trials import Cases


class Chosen:
    """Hands out the cases of `chosen`.

    Raises NoCasesError, with what `why` says, if there is not even one.
    """

    def __init__(self, chosen: Cases, why: Callable[[], str]) -> None:
        self._chosen = chosen
        self._why = why
        self._first: EvalCase | None = None
        self._has_any = False
        self._beginning = asyncio.Lock()

    @property
    def total(self) -> int | None:
        return self._chosen.total

    async def begin(self) -> None:
        """Read the first case ahead, so that nothing is made for a run without any. Raises NoCasesError."""
        async with self._beginning:
            if not self._has_any:
                self._first = await self._chosen.next()
                if self._first is None:
                    raise NoCasesError(self._why())
                self._has_any = True

    async def next(self) -> EvalCase | None:
        """The next case; None after the last."""
        await self.begin()
        if self._first is not None:
            first, self._first = self._first, None
            return first
        return await self._chosen.next()

    def stop(self) -> None:
        """Give out no more."""
        self._first, self._has_any = None, True
        self._chosen.stop()
