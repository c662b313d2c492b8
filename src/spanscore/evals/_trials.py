"""The trials of an eval: each case of the source as often as it is wanted."""

from collections import deque
from typing import NamedTuple

from spanscore.evals._case import EvalCase
from spanscore.evals._source import Source


class Trial(NamedTuple):
    """A case to be run once; `number` counts the trials of the eval, `trial_index` those of the case."""

    number: int
    case: EvalCase
    trial_index: int


class Trials:
    """Hands out the trials of `source` one by one, `trial_count` of a case unless the case says otherwise."""

    def __init__(self, source: Source, trial_count: int) -> None:
        self._source = source
        self._trial_count = trial_count
        self._waiting: deque[tuple[EvalCase, int]] = deque()
        self._given = 0
        self.total = None if source.total is None else source.total * trial_count

    async def next(self) -> Trial | None:
        """The next trial, None after the last. Raises what the data raises."""
        if not self._waiting:
            case = await self._source.next()
            if case is None:
                return None
            self._waiting.extend((case, index) for index in range(case.trial_count or self._trial_count))
        case, index = self._waiting.popleft()
        self._given += 1
        return Trial(self._given - 1, case, index)

    def stop(self) -> None:
        """Hand out no more."""
        self._waiting.clear()
        self._source.stop()
