"""What is told of an eval that has run, before it is drawn on anything."""

import shlex
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from spanscore._counted import counted
from spanscore.errors import SpanscoreError
from spanscore.evals._result import EvalFailure, ExperimentResult
from spanscore.evals.reporters._figures import (
    COMPARISON_COLUMNS,
    METRIC_COLUMNS,
    SCORE_COLUMNS,
    comparison_cells,
    headline,
    metric_cells,
    score_cells,
    without_empty_columns,
)
from spanscore.evals.reporters._text import full_text, shortened
from spanscore.wire.regressions import Regression
from spanscore.wire.seams import Regressions
from spanscore.wire.summaries import ExperimentSummary

FAILURES_TOLD: Final = 10
REGRESSIONS_TOLD: Final = 5
_TRACEBACK_LENGTH: Final = 100_000
_INPUT_LENGTH: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An eval in words; tables are a header and rows of cells, and empty where there is nothing to tell.

    `failures` are texts of one or, if verbose, more lines. `further` says where to look.
    """

    headline: str
    scores: Sequence[Sequence[str]]
    comparison: Sequence[Sequence[str]]
    metrics: Sequence[Sequence[str]]
    labels: Sequence[Sequence[str]]
    notes: Sequence[str]
    regressions: Sequence[Regression]
    failures: Sequence[str]
    failures_left_out: int
    further: Sequence[str]

    @property
    def tables(self) -> Sequence[Sequence[Sequence[str]]]:
        """The tables that there are, in their order."""
        return [each for each in (self.scores, self.comparison, self.metrics, self.labels) if each]


def account_of(
    result: ExperimentResult, *, source: Regressions | None = None, verbose: bool = False
) -> Account:
    """The account of an eval; `source` knows which inputs got worse, and may fail to tell."""
    summary = result.summary
    scores = [score_cells(score) for score in summary.scores.values()]
    compared = [
        comparison_cells(score.name, score.difference)
        for score in summary.scores.values()
        if score.difference is not None
    ]
    metrics = [metric_cells(metric) for metric in summary.metrics.values()]
    regressions, trouble = _regressions(summary, source)
    return Account(
        headline=headline(summary),
        scores=without_empty_columns(SCORE_COLUMNS, scores),
        comparison=without_empty_columns(COMPARISON_COLUMNS, compared),
        metrics=without_empty_columns(METRIC_COLUMNS, metrics),
        labels=_labels(summary),
        notes=[*_notes(summary), *result.notes, *_abandoned(result), *trouble],
        regressions=regressions,
        failures=[_failure(each, verbose=verbose) for each in result.errors[:FAILURES_TOLD]],
        failures_left_out=max(0, result.error_count - FAILURES_TOLD),
        further=_further(result, regressions),
    )


def _regressions(
    summary: ExperimentSummary, source: Regressions | None
) -> tuple[Sequence[Regression], Sequence[str]]:
    """The worst regressions, and in words why there are none if they cannot be told."""
    fell = any(score.regressions for score in summary.scores.values())
    if source is None or summary.baseline_id is None or not fell:
        return (), ()
    try:
        return source.regressions(summary.experiment_id, summary.baseline_id, limit=REGRESSIONS_TOLD), ()
    except SpanscoreError as error:
        return (), [f"the inputs that got worse cannot be told: {error}"]


def _labels(summary: ExperimentSummary) -> list[list[str]]:
    counted = [
        [name, label, str(count)]
        for name, labels in summary.classifications.items()
        for label, count in sorted(labels.items(), key=lambda each: (-each[1], each[0]))
    ]
    return [["classifier", "label", "cases"], *counted] if counted else []


def _abandoned(result: ExperimentResult) -> list[str]:
    if not result.abandoned:
        return []
    one = "call took too long, was given up, and still runs in its thread"
    several = "calls took too long, were given up, and still run in their threads"
    return [counted(result.abandoned, one, several)]


def _notes(summary: ExperimentSummary) -> list[str]:
    notes = [] if summary.partial is None else [f"a partial run: {summary.partial}"]
    if summary.baseline is not None and (summary.only_here or summary.only_in_baseline):
        matched = counted(summary.matched, "input is", "inputs are")
        notes.append(
            f"{matched} in both experiments, {summary.only_here} in this one alone, "
            f"{summary.only_in_baseline} in the baseline alone"
        )
    for score in summary.scores.values():
        found = score.difference
        if found is not None and found.verdict == "no evidence" and found.smallest_detectable is not None:
            least = f"{100 * found.smallest_detectable:.2f}"
            notes.append(f"{score.name}: this comparison could have shown a difference of {least} points")
    return notes


def _failure(failure: EvalFailure, *, verbose: bool) -> str:
    if not verbose:
        return f"{full_text(str(failure))} (input {shortened(failure.input, _INPUT_LENGTH)})"
    lines = "".join(traceback.format_exception(failure.error)).rstrip()
    return f"{failure.where}:\n{full_text(lines, _TRACEBACK_LENGTH)}"


def _further(result: ExperimentResult, regressions: Sequence[Regression]) -> list[str]:
    further = [f"see {result.permalink}"] if result.permalink else []
    if regressions:
        named = shlex.quote(f"{result.summary.project}/{result.summary.experiment}")
        further.append(f"the largest changes: spanscore experiments compare {named}")
    return further
