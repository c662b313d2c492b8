"""Scores as dicts, which scorers may return in the place of `Score`s."""

from typing import Any

from typing_extensions import NotRequired, TypedDict


class ScoreDict(TypedDict):
    """A score; without `name` it has that of the scorer.

    >>> def short(output: str) -> ScoreDict:
    ...     return {"score": 1.0 if len(output) < 80 else 0.0, "metadata": {"length": len(output)}}
    """

    score: float | None
    metadata: NotRequired[dict[str, Any]]
    name: NotRequired[str]


class NamedScoreDict(TypedDict):
    """One of several scores that a scorer returns as a list."""

    name: str
    score: float | None
    metadata: NotRequired[dict[str, Any]]
