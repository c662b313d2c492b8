"""Scores of a whole experiment, by functions over all of its results."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from spanscore.errors import EvalError
from spanscore.evals._result import EvalResult
from spanscore.scoring import Score, normalise
from spanscore.scoring._prepared import name_of
from spanscore.wire.summaries import ExperimentSummary, ScoreSummary


async def with_summary_scores(
    summary: ExperimentSummary, functions: Sequence[Callable[..., Any]], results: Sequence[EvalResult]
) -> ExperimentSummary:
    """The summary with what each function makes of all results, as a score without spread.

    A function, sync or async, may return what a scorer may. Raises EvalError, with the function's exception
    as its cause: the cases are stored by then.
    """
    if not functions:
        return summary
    scores = dict(summary.scores)
    for index, function in enumerate(functions):
        name = name_of(function, index, "summary_score")
        for score in await _scores(name, function, results):
            scores[score.name] = _summary_of(score)
    return replace(summary, scores=scores)


async def _scores(
    name: str, function: Callable[..., Any], results: Sequence[EvalResult]
) -> tuple[Score, ...]:
    try:
        returned = function(results)
        return normalise(name, await returned if inspect.isawaitable(returned) else returned)
    except Exception as error:
        raise EvalError(
            f"the summary score {name} failed: {type(error).__name__}: {error}; the cases themselves are kept"
        ) from error


def _summary_of(score: Score) -> ScoreSummary:
    return ScoreSummary(
        name=score.name,
        mean=score.score,
        scored_mean=score.score,
        standard_deviation=None,
        standard_error=None,
        scored=0 if score.score is None else 1,
        skipped=1 if score.score is None else 0,
        errored=0,
    )
