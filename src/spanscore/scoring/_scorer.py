"""A scorer made ready for an eval."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeAlias

from spanscore.scoring._normalise import normalise
from spanscore.scoring._prepared import SCORER_ARGUMENTS, Prepared, prepare
from spanscore.scoring._score import Score

PreparedScorer: TypeAlias = Prepared[Score]
"""A scorer that can be called with the values of a case."""


def prepare_scorers(
    scorers: Iterable[Any], *, available: tuple[str, ...] = SCORER_ARGUMENTS
) -> list[PreparedScorer]:
    """The scorers ready to be called with the `available` values of each case, in their order.

    A scorer is a function, a class that can be made without arguments, or an object with `eval_async`,
    `eval` or `__call__`. Its name is what its `_name()` says, else its `__name__`, its `name` (which may be
    a method), its class; a lambda is `scorer_<index>`. The second of a name gets the suffix `_2`, the next
    `_3`. Raises ScorerSignatureError for what is no scorer, and for parameters that nobody fills.
    """
    return prepare(scorers, kind="scorer", available=available, reader=_scores)


def _scores(name: str, own_name: str, raw: Any) -> tuple[Score, ...]:
    """The scores that `raw` stands for.

    A scorer that had to be renamed also has its score of its own name renamed, so that nothing is
    overwritten.
    """
    scores = normalise(name, raw)
    if name == own_name:
        return scores
    return tuple(replace(score, name=name) if score.name == own_name else score for score in scores)
