"""What of an experiment need not run again."""

from array import array
from collections.abc import Awaitable, Callable, Iterable
from enum import IntEnum
from hashlib import blake2b
from typing import Final, NamedTuple

from spanscore._counted import counted
from spanscore.evals._number_table import NumberTable
from spanscore.evals._stored import StoredTrial
from spanscore.wire.trials import Fingerprints, FinishedTrial

_TRACE_BYTES: Final = 16


class Again(IntEnum):
    """What becomes of a trial that is finished."""

    KEEP = 0
    SCORE = 1
    RUN = 2


class Earlier(NamedTuple):
    """The newest attempt at a trial, counted from 1, its trace, and what becomes of it now."""

    again: Again
    attempt: int
    trace_id: str


class Finished:
    """The trials that an experiment has, told by input and index, in about 45 bytes a trial.

    Whether a trial is kept depends on what it was run with. With the same task and scorers it is; if a
    scorer is new or its fingerprint another one, all scorers score the stored output again, since the scores
    of a case come of one set of scorers; if the task's fingerprint is another one, task and scorers run
    again. What has no fingerprint, because an older version or another program recorded it, counts as the
    same. A scorer that is gone changes nothing. With `retry_errors` a failed task runs again, and where a
    scorer failed the stored output is scored again.

    `load` reads the stored trial of a trace.
    """

    def __init__(
        self,
        now: Fingerprints,
        load: Callable[[str], Awaitable[StoredTrial]],
        *,
        retry_errors: bool = False,
    ) -> None:
        self.load = load
        self.changed_scorers: set[str] = set()
        self.counts: dict[Again, int] = dict.fromkeys(Again, 0)
        self.retried = 0
        self._now = now
        self._retry_errors = retry_errors
        self._places = NumberTable()
        self._again = bytearray()
        self._met = bytearray()
        self._attempts = array("I")
        self._traces = bytearray()

    def read(self, trials: Iterable[FinishedTrial]) -> "Finished":
        """Take note of these trials; what cannot be told from other trials is left out. Returns itself."""
        for trial in trials:
            if trial.trial is not None:
                self._add(_key(trial.case_key, trial.trial), trial)
        return self

    def earlier(self, case_key: str, trial_index: int) -> Earlier | None:
        """What there is of this trial, None if it has never been finished."""
        place = self._places.get(_key(case_key, trial_index))
        if place is None:
            return None
        self._met[place] = 1
        trace = self._traces[_TRACE_BYTES * place : _TRACE_BYTES * (place + 1)]
        return Earlier(Again(self._again[place]), self._attempts[place], trace.hex())

    def notes(self) -> tuple[str, ...]:
        """What is to be said when the data has been read to its end: that some of its trials are gone."""
        if not (gone := self._met.count(0)):
            return ()
        which = counted(gone, "finished trial is", "finished trials are")
        return (f"{which} of inputs that the data no longer has; they still count in these figures",)

    def __len__(self) -> int:
        return len(self._again)

    def __str__(self) -> str:
        """What there is and what becomes of it."""
        found = [f"kept as they are: {self.counts[Again.KEEP]:,}"]
        if changed := self.counts[Again.RUN] - self.retried:
            found.append(f"run again since the task has changed: {changed:,}")
        if self.retried:
            found.append(f"run again since the task failed: {self.retried:,}")
        if scored := self.counts[Again.SCORE]:
            names = ", ".join(sorted(self.changed_scorers))
            why = f"{names} is new or has changed" if names else "a scorer failed"
            found.append(f"their stored outputs scored again since {why}: {scored:,}")
        return f"finished trials: {len(self):,}; {'; '.join(found)}"

    def _add(self, key: int, trial: FinishedTrial) -> None:
        if self._places.get(key) is not None:
            return
        self._places.set(key, len(self._again))
        again = self._decide(trial)
        self._again.append(again)
        self._met.append(0)
        self._attempts.append(trial.attempt)
        self._traces += bytes.fromhex(trial.trace_id)
        self.counts[again] += 1

    def _decide(self, trial: FinishedTrial) -> Again:
        stored, now = trial.fingerprints, self._now
        if stored.task is not None and now.task is not None and stored.task != now.task:
            return Again.RUN
        if trial.is_error and self._retry_errors:
            self.retried += 1
            return Again.RUN
        if trial.is_error:
            return Again.KEEP  # without an output there is nothing to score
        if stored.scorers or stored.task is not None:
            pairs = now.scorers.items()
            changed = {name for name, taken in pairs if stored.scorers.get(name) != taken}
            self.changed_scorers |= changed
            if changed:
                return Again.SCORE
        return Again.SCORE if trial.is_scorer_error and self._retry_errors else Again.KEEP


def _key(case_key: str, trial_index: int) -> int:
    text = f"{case_key}:{trial_index}".encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big")
