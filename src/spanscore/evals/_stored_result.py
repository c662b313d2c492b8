"""A trial of an earlier run as a result, by what is stored of it."""

from collections.abc import Sequence

from spanscore.errors import EvalError
from spanscore.evals._result import EvalResult
from spanscore.evals._stored import stored_trial
from spanscore.evals.reporters._case_report import case_of_trace
from spanscore.wire.rows import Row


def stored_result(rows: Sequence[Row]) -> EvalResult:
    """The result of a trial by the rows of its trace, the eval span's first; values are as JSON has them.

    What the task or a scorer raised is an EvalError with its text. Raises EvalError without an eval span.
    """
    trial, told = stored_trial(rows), case_of_trace(rows)
    root = trial.rows[0]
    return EvalResult(
        input=root.input,
        output=trial.output,
        expected=root.expected,
        scores=told.scores,
        metadata=trial.metadata,
        tags=trial.tags,
        error=trial.error,
        scorer_errors={name: EvalError(text) for name, text in told.scorer_errors.items()},
        trial_index=told.trial_index,
        trace_id=told.trace_id,
        duration_s=told.duration_s,
        origin=root.origin,
    )
