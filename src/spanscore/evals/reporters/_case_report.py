"""What a report tells of one trial of a case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from spanscore.evals._result import EvalResult
from spanscore.tracing._open import described_error
from spanscore.wire.rows import Row

_SCORE: Final = "score"
_LONGEST: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReport:
    """One trial: what went in and came out, its scores, what failed.

    `error` is that of the task, on one line with its type, `scorer_errors` are those of scorers by name.
    """

    input: Any
    expected: Any
    output: Any
    error: str | None
    scores: Mapping[str, float | None]
    scorer_errors: Mapping[str, str]
    tags: Sequence[str]
    trial_index: int
    trace_id: str
    duration_s: float

    @property
    def is_failed(self) -> bool:
        """True if the task or a scorer failed."""
        return self.error is not None or bool(self.scorer_errors)

    @property
    def mean_score(self) -> float | None:
        """The mean of its scores; None without any."""
        given = [score for score in self.scores.values() if score is not None]
        return sum(given) / len(given) if given else None


def case_of_result(result: EvalResult) -> CaseReport:
    """The report of a trial that is at hand."""
    return CaseReport(
        input=result.input,
        expected=result.expected,
        output=result.output,
        error=None if result.error is None else _said(result.error),
        scores={name: None if score is None else float(score) for name, score in result.scores.items()},
        scorer_errors={name: _said(error) for name, error in result.scorer_errors.items()},
        tags=result.tags,
        trial_index=result.trial_index,
        trace_id=result.trace_id,
        duration_s=result.duration_s,
    )


def case_of_trace(rows: Sequence[Row]) -> CaseReport:
    """The report of a trial by the rows of its trace, the eval span's first."""
    root, *others = rows
    scorers = [row for row in others if row.type == _SCORE and row.parent_span_id == root.span_id]
    scores: dict[str, float | None] = dict(root.scores)
    for row in scorers:
        scores |= row.scores
    index = root.metadata.get("trial_index")
    return CaseReport(
        input=root.input,
        expected=root.expected,
        output=root.output,
        error=None if root.error is None else _first_line(root.error),
        scores=scores,
        scorer_errors={row.name: _first_line(row.error) for row in scorers if row.error is not None},
        tags=root.tags,
        trial_index=index if isinstance(index, int) else 0,
        trace_id=root.root_span_id,
        duration_s=root.duration_s,
    )


def _said(error: BaseException) -> str:
    return _first_line(described_error(error))


def _first_line(error: Any) -> str:
    return (str(error).splitlines() or [""])[0][:_LONGEST]
