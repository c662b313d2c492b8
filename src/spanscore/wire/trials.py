"""What an experiment has of a trial already, and what the trial was run with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

FINGERPRINTS: Final = "fingerprints"
"""The key in an eval span's metadata under which its fingerprints are."""

RESCORED_FROM: Final = "rescored_from"
"""The key in an experiment's metadata under which is the one whose outputs it scores: no task ran for it."""

IDENTITY: Final = (
    "case_key",
    "trial_index",
    "attempt",
    "cluster_key",
    FINGERPRINTS,
    "scorer_errors",
    "classifier_errors",
)
"""Keys in an eval span's metadata that the eval has put beside the case's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprints:
    """What a trial was run with: a short text for the task and for each scorer by name.

    It is equal in two runs if what it stands for is. `task` is None where nobody took one.

    >>> Fingerprints.read({"fingerprints": {"task": "a1", "scorers": {"exact": "b2"}}})
    Fingerprints(task='a1', scorers={'exact': 'b2'})
    """

    task: str | None = None
    scorers: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def read(cls, metadata: Mapping[str, Any]) -> "Fingerprints":
        """Those in the metadata of an eval span; empty where there are none."""
        found = metadata.get(FINGERPRINTS)
        if not isinstance(found, dict):
            return cls()
        values = cast("dict[str, Any]", found)
        task, scorers = values.get("task"), values.get("scorers")
        return cls(
            task=task if isinstance(task, str) else None,
            scorers=cast("dict[str, str]", scorers) if isinstance(scorers, dict) else {},
        )

    def as_metadata(self) -> dict[str, Any]:
        """The keys to be put into the metadata of an eval span."""
        return {FINGERPRINTS: {"task": self.task, "scorers": dict(self.scorers)}}


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedTrial:
    """A trial whose trace is stored to its end; of several attempts the newest.

    `trial` counts the trials of an input from 0; None where the eval numbered none. `attempt` counts from 1.
    `is_error` says that the task failed, `is_scorer_error` that a scorer did. `lowest_score` is None without
    scores. `case_key` and `trace_id` are 32 hexadecimal digits.
    """

    case_key: str
    trial: int | None
    attempt: int
    is_error: bool
    is_scorer_error: bool
    lowest_score: float | None
    fingerprints: Fingerprints
    trace_id: str
