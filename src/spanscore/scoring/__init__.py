"""The score: how a scorer or classifier is called, and what may come back from it."""

from spanscore.scoring._arguments import ArgumentPlan, is_async_callable, plan_arguments
from spanscore.scoring._classification import Classification
from spanscore.scoring._classifier import PreparedClassifier, grouped, prepare_classifiers
from spanscore.scoring._named import NamedScorer, scorer
from spanscore.scoring._normalise import normalise
from spanscore.scoring._prepared import SCORER_ARGUMENTS
from spanscore.scoring._score import Score
from spanscore.scoring._score_dicts import NamedScoreDict, ScoreDict
from spanscore.scoring._scorer import PreparedScorer, prepare_scorers

__all__ = [
    "SCORER_ARGUMENTS",
    "ArgumentPlan",
    "Classification",
    "NamedScoreDict",
    "NamedScorer",
    "PreparedClassifier",
    "PreparedScorer",
    "Score",
    "ScoreDict",
    "grouped",
    "is_async_callable",
    "normalise",
    "plan_arguments",
    "prepare_classifiers",
    "prepare_scorers",
    "scorer",
]
