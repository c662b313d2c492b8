"""Scores of a whole experiment, by functions over all of its results."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from spanscore.errors import EvalError
from spanscore.evals._result import EvalResult
from spanscore.scoring import Score, normalise
from spanscore.scoring._prepared import name_of


async def summary_scores(
    functions: Sequence[Callable[..., Any]], results: Sequence[EvalResult]
) -> dict[str, float | None]:
    """What each function makes of all results, by name; None for a score that is skipped.

    A function, sync or async, may return what a scorer may. Raises EvalError, with the function's exception
    as its cause: the cases are stored by then.
    """
    scores: dict[str, float | None] = {}
    for index, function in enumerate(functions):
        name = name_of(function, index, "summary_score")
        scores |= {score.name: score.score for score in await _scores(name, function, results)}
    return scores


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
