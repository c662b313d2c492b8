"""What came of an eval: each case's result and the experiment's."""

import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from spanscore._counted import counted
from spanscore._json import to_json
from spanscore.tracing._open import described_error
from spanscore.wire.seams import ExperimentRef
from spanscore.wire.summaries import ExperimentSummary

_LONGEST: Final = 300
"""Characters of an error in the line that tells it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvalResult:
    """One finished trial of a case.

    `scores` has a value in 0..1 for each score, None for a skipped one; a scorer that failed is in
    `scorer_errors` instead. `classifications` has the labels of each name. `error` is the exception of the
    task itself (then `output` is None and no scorer has run). `metadata` and `tags` are as the task left
    them. `trace_id` is what `spanscore trace` takes, `duration_s` the whole trial's time, `task_duration_s`
    that of the task alone, None if it did not run. `metrics` sums what the task's calls of models took
    (`tokens`, `prompt_tokens`, `completion_tokens`, `estimated_cost`), as far as it was asked for. `id`
    and `origin` are the case's; `attempt` counts from 1. `score_names` has the names of a scorer's scores, of
    each scorer that gave others than one of its own name.
    """

    input: Any
    output: Any
    expected: Any
    scores: Mapping[str, float | None]
    metadata: Mapping[str, Any]
    tags: tuple[str, ...]
    error: BaseException | None
    scorer_errors: Mapping[str, BaseException]
    trial_index: int
    trace_id: str
    duration_s: float
    classifications: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict[str, Any])
    classifier_errors: Mapping[str, BaseException] = field(default_factory=dict[str, BaseException])
    metrics: Mapping[str, float] = field(default_factory=dict[str, float])
    id: str | None = None
    origin: Mapping[str, Any] | None = None
    attempt: int = 1
    task_duration_s: float | None = None
    score_names: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Any])

    @property
    def exc_info(self) -> str | None:
        """The traceback of `error` as text, by the official SDK's name."""
        return None if self.error is None else "".join(traceback.format_exception(self.error))

    def as_dict(self) -> dict[str, Any]:
        """The trial under the official SDK's keys; what is ours alone is left out."""
        keys = (
            "input",
            "output",
            "scores",
            "classifications",
            "expected",
            "metadata",
            "tags",
            "error",
            "exc_info",
        )
        return {**{key: getattr(self, key) for key in keys}, "origin": self.origin}

    def as_json(self) -> str:
        """`as_dict` as JSON text; the error is its type and message."""
        error = None if self.error is None else described_error(self.error)
        return to_json({**self.as_dict(), "error": error}, redact=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvalFailure:
    """What failed: `where` is "task" or the name of a scorer or classifier, `error` its exception."""

    where: str
    error: BaseException
    input: Any
    trial_index: int
    trace_id: str

    def __str__(self) -> str:
        text = " ".join(described_error(self.error).split())
        cut = f"{text[:_LONGEST]}…" if len(text) > _LONGEST else text
        return f"{self.where}: {cut}"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ExperimentResult:
    """An experiment that has run: its figures, its results, its failures.

    `results` is in the order of the data, and empty with `keep_results=False`. `finished` counts the trials
    that ran, `skipped` those that were not run since the experiment that was resumed had them; they are in
    the summary alone. `errors` holds failed tasks, scorers and classifiers (with `keep_results=False` the
    first hundred), `error_count` says how many there were. `stopped` says why not all cases have run, None if
    they have; `abandoned` counts the calls in threads that took too long and still ran when the eval had
    ended. `notes` say what else whoever reads the figures should know, `permalink` where to look further.
    """

    experiment: ExperimentRef
    summary: ExperimentSummary
    results: tuple[EvalResult, ...] = field(default=())
    errors: tuple[EvalFailure, ...] = field(default=())
    error_count: int = 0
    finished: int = 0
    skipped: int = 0
    stopped: str | None = None
    abandoned: int = 0
    notes: tuple[str, ...] = ()
    duration_s: float
    permalink: str

    @property
    def success(self) -> bool:
        """True if no task, scorer or classifier failed."""
        return self.error_count == 0

    def __repr__(self) -> str:
        means = ", ".join(f"{score.name}={_percent(score.mean)}" for score in self.summary.scores.values())
        cases, errors = counted(self.summary.cases, "case"), counted(self.error_count, "error")
        return (
            f"ExperimentResult({self.experiment.project}/{self.experiment.name}: {cases}, "
            f"{errors}, {means or 'no scores'}, {self.duration_s:.1f} s; {self.permalink})"
        )


def _percent(mean: float | None) -> str:
    return "none" if mean is None else f"{100 * mean:.1f} %"
