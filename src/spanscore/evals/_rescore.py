"""The trials of a stored experiment, to be scored again in a new one."""

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import Final

from spanscore._json import JsonText
from spanscore.evals._case import EvalCase, case_key
from spanscore.evals._occurrences import Occurrences
from spanscore.evals._stored import StoredTrial
from spanscore.evals._trials import Trial
from spanscore.wire.trials import FinishedTrial

_TRACE_BYTES: Final = 16
_HASH: Final = re.compile("[0-9a-f]{32}")


class StoredTrials:
    """Hands out the stored trials one by one, each with its output; in 16 bytes a trial.

    A trial keeps the key and the index that it has in its experiment, so that the two can be compared, and
    what it came from: the record of a dataset, else its row in the experiment `experiment_id`. `load` reads
    the stored trial of a trace.
    """

    skipped = 0

    def __init__(
        self,
        finished: Iterable[FinishedTrial],
        load: Callable[[str], Awaitable[StoredTrial]],
        *,
        experiment_id: str,
    ) -> None:
        self._traces = bytearray().join(bytes.fromhex(each.trace_id) for each in finished)
        self._load = load
        self._experiment_id = experiment_id
        self._occurrences = Occurrences()
        self._given = 0
        self.total = self._left = len(self._traces) // _TRACE_BYTES

    async def next(self) -> Trial | None:
        """The next trial, None after the last. Raises what reading it raises."""
        number = self._given
        if number >= self._left:
            return None
        self._given += 1
        trace = self._traces[_TRACE_BYTES * number : _TRACE_BYTES * (number + 1)]
        return self._trial(number, await self._load(trace.hex()))

    def stop(self) -> None:
        """Hand out no more."""
        self._left = 0

    def _trial(self, number: int, stored: StoredTrial) -> Trial:
        root = stored.rows[0]
        input_json = root.fields.get("input", JsonText("null"))
        key, index = root.metadata.get("case_key"), root.metadata.get("trial_index")
        if not isinstance(key, str) or not _HASH.fullmatch(key):
            key = case_key(input_json)
        before = self._occurrences.add(key, 1)
        return Trial(
            number=number,
            case=self._case(stored),
            input_json=input_json,
            case_key=key,
            trial_index=index if type(index) is int else before,
            stored=stored,
        )

    def _case(self, stored: StoredTrial) -> EvalCase:
        case = stored.case
        if case.origin is not None:
            return case
        origin = {"object_type": "experiment", "object_id": self._experiment_id, "id": stored.rows[0].id}
        return replace(case, origin=origin)
