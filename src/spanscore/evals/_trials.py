"""The trials of an eval: each case of the source as often as it is wanted."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple, Protocol

from spanscore._json import JsonText, to_json
from spanscore.evals._case import EvalCase, case_key
from spanscore.evals._occurrences import Occurrences
from spanscore.evals._resume import Again, Earlier, Finished
from spanscore.evals._stored import StoredTrial
from spanscore.evals._upserted import numbered


class Cases(Protocol):
    """Where cases come from, one by one; `total` is None where nobody knows how many."""

    @property
    def total(self) -> int | None: ...

    async def next(self) -> EvalCase | None:
        """The next case; None after the last."""
        ...

    def stop(self) -> None:
        """Give out no more."""
        ...


class TrialSource(Protocol):
    """Hands out trials to whoever asks next. `total` is their number where it is known."""

    @property
    def total(self) -> int | None: ...

    @property
    def skipped(self) -> int:
        """How many were left out so far, since they are finished."""
        ...

    async def next(self) -> "Trial | None":
        """The next trial, None after the last."""
        ...

    def stop(self) -> None:
        """Hand out no more."""
        ...


class Trial(NamedTuple):
    """A case to be run once; `number` counts the trials of the eval, `trial_index` those of the input.

    `attempt` counts the tries at this trial from 1, those of an experiment that is resumed included.
    `stored` has the output where the task is not to run again.
    """

    number: int
    case: EvalCase
    input_json: JsonText
    case_key: str
    trial_index: int
    attempt: int = 1
    stored: StoredTrial | None = None


class Trials:
    """Hands out the trials of `source` one by one, `trial_count` of a case unless the case says otherwise.

    A case whose input came up before goes on counting where that one ended: a trial is told from every other
    by input and index. `max_bytes` is what the JSON of an input may have; `key_of` gives a case and that JSON
    another key than the input's. Of an experiment that is resumed `finished` says which trials are left out;
    `skipped` counts them.
    """

    def __init__(
        self,
        source: Cases,
        trial_count: int,
        max_bytes: int,
        *,
        key_of: Callable[[EvalCase, str], str] | None = None,
        finished: Finished | None = None,
    ) -> None:
        self.skipped = 0
        self._source = source
        self._trial_count = trial_count
        self._max_bytes = max_bytes
        self._key_of = key_of
        self._finished = finished
        self._waiting: deque[tuple[Trial, Earlier | None]] = deque()
        self._occurrences = Occurrences()
        self._given = 0

    @property
    def total(self) -> int | None:
        """How many trials there are to run, as far as the source says; None where it does not."""
        if self._source.total is None:
            return None
        kept = 0 if self._finished is None else self._finished.counts[Again.KEEP]
        return max(0, self._source.total * self._trial_count - kept)

    async def next(self) -> Trial | None:
        """The next trial, None after the last. Raises what the data raises."""
        while not self._waiting:
            case = await self._source.next()
            if case is None:
                return None
            if not self._queue(case):
                # Data that never waits would keep the loop from everything else while nothing is new in it.
                await asyncio.sleep(0)
        trial, earlier = self._waiting.popleft()
        if earlier is None or self._finished is None:
            return trial
        again = trial._replace(attempt=earlier.attempt + 1)
        if earlier.again is not Again.SCORE:
            return again
        stored = await self._finished.load(earlier.trace_id)
        case = replace(trial.case, metadata=stored.metadata or None, tags=stored.tags)
        return again._replace(case=case, stored=stored)

    def _queue(self, case: EvalCase) -> bool:
        """Queue the trials of a case that are to be run; False if there is none."""
        count = case.trial_count or self._trial_count
        input_json = to_json(case.input, max_bytes=self._max_bytes)
        key = case_key(input_json) if self._key_of is None else self._key_of(case, input_json)
        first = self._occurrences.add(key, count)
        for index in range(count):
            earlier = None if self._finished is None else self._finished.earlier(key, first + index)
            if earlier is not None and earlier.again is Again.KEEP:
                self.skipped += 1
                continue
            trial = Trial(self._given + index, numbered(case, index), input_json, key, first + index)
            self._waiting.append((trial, earlier))
        self._given += count
        return bool(self._waiting)

    def stop(self) -> None:
        """Hand out no more."""
        self._waiting.clear()
        self._source.stop()
