"""The score: how a scorer is called, and what may come back from it."""

from spanscore.scoring._arguments import ArgumentPlan, is_async_callable, plan_arguments
from spanscore.scoring._normalise import normalise
from spanscore.scoring._score import Score
from spanscore.scoring._scorer import SCORER_ARGUMENTS, PreparedScorer, prepare_scorers

__all__ = [
    "SCORER_ARGUMENTS",
    "ArgumentPlan",
    "PreparedScorer",
    "Score",
    "is_async_callable",
    "normalise",
    "plan_arguments",
    "prepare_scorers",
]
