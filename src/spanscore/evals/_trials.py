"""The trials of an eval: each case of the source as often as it is wanted."""

from collections import deque
from typing import NamedTuple

from spanscore._json import JsonText, to_json
from spanscore.evals._case import EvalCase, case_key
from spanscore.evals._occurrences import Occurrences
from spanscore.evals._source import Source


class Trial(NamedTuple):
    """A case to be run once; `number` counts the trials of the eval, `trial_index` those of the input.

    `attempt` is the number of the first attempt at it.
    """

    number: int
    case: EvalCase
    input_json: JsonText
    case_key: str
    trial_index: int
    attempt: int = 1


class Trials:
    """Hands out the trials of `source` one by one, `trial_count` of a case unless the case says otherwise.

    A case whose input came up before goes on counting where that one ended: a trial is told from every other
    by input and index. `max_bytes` is what the JSON of an input may have.
    """

    def __init__(self, source: Source, trial_count: int, max_bytes: int) -> None:
        self._source = source
        self._trial_count = trial_count
        self._max_bytes = max_bytes
        self._waiting: deque[Trial] = deque()
        self._occurrences = Occurrences()
        self._given = 0
        self.total = None if source.total is None else source.total * trial_count

    async def next(self) -> Trial | None:
        """The next trial, None after the last. Raises what the data raises."""
        if not self._waiting:
            case = await self._source.next()
            if case is None:
                return None
            self._queue(case)
        return self._waiting.popleft()

    def _queue(self, case: EvalCase) -> None:
        count = case.trial_count or self._trial_count
        input_json = to_json(case.input, max_bytes=self._max_bytes)
        key = case_key(input_json)
        first = self._occurrences.add(key, count)
        for index in range(count):
            self._waiting.append(Trial(self._given + index, case, input_json, key, first + index))
        self._given += count

    def stop(self) -> None:
        """Hand out no more."""
        self._waiting.clear()
        self._source.stop()
