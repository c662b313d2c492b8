"""Scores that a program gives: which of them are scores."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, SupportsFloat, cast

from spanscore.errors import ScoreError
from spanscore.tracing._guard import quietly
from spanscore.tracing._text import as_text

_READING = quietly("recording scores")


def checked_scores(scores: object) -> dict[str, float | None]:
    """The scores as numbers, True and False being 1 and 0. Raises ScoreError for what is none in 0..1."""
    if not isinstance(scores, Mapping):
        raise ScoreError(f'scores are {as_text(scores)}; give them by name, such as {{"exact": 1}}')
    given = cast("Mapping[str, Any]", scores)
    return {name: None if value is None else _checked_score(name, value) for name, value in given.items()}


def _checked_score(name: str, value: Any) -> float:
    if isinstance(value, SupportsFloat):
        with suppress(TypeError, ValueError):
            number = float(value)
            if 0 <= number <= 1:
                return value if type(value) is int else number
    shown = repr(value) if isinstance(value, float) else as_text(value)
    raise ScoreError(f"the score {name!r} is {shown}; give a number in 0..1, a bool or None")


def sound_scores(scores: object) -> dict[str, float | None] | None:
    """The scores as numbers; what is none in 0..1 is reported and left out: it would falsify every mean."""
    if not isinstance(scores, Mapping):
        with _READING:
            return None if scores is None else checked_scores(scores)
        return None
    sound: dict[str, float | None] = {}
    for name, value in cast("Mapping[str, Any]", scores).items():
        with _READING:
            sound |= checked_scores({name: value})
    return sound or None
