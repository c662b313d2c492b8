"""Scores that a program gives: which of them are scores."""

from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, SupportsFloat, cast

from spanscore._json import from_json, to_json
from spanscore.errors import ScoreError
from spanscore.tracing._guard import quietly
from spanscore.tracing._text import as_text

_READING = quietly("recording scores")
_PLAIN: Final = (float, int, bool, type(None), Decimal, Fraction)


def checked_scores(scores: object) -> dict[str, float | None]:
    """The scores as numbers, True and False being 1 and 0. Raises ScoreError for what is none in 0..1."""
    given = _by_name(scores)
    return {name: None if value is None else _checked_score(name, value) for name, value in given.items()}


def sound_scores(scores: object) -> dict[str, float | None] | None:
    """The scores as numbers; what is none in 0..1 is reported and left out: it would falsify every mean."""
    if scores is None:
        return None
    # Objects of the program's may do anything when they are read; as JSON they are read with care.
    plain: object = scores if _is_plain(scores) else from_json(to_json(scores, redact=False))
    sound: dict[str, float | None] = {}
    with _READING:
        for name, value in _by_name(plain).items():
            with _READING:
                sound |= checked_scores({name: value})
    return sound


def _is_plain(scores: object) -> bool:
    if type(scores) is not dict:
        return False
    return all(type(value) in _PLAIN for value in cast("dict[Any, Any]", scores).values())


def _by_name(scores: object) -> Mapping[str, Any]:
    if not isinstance(scores, Mapping):
        raise ScoreError(f'scores are {as_text(scores)}; give them by name, such as {{"exact": 1}}')
    return cast("Mapping[str, Any]", scores)


def _checked_score(name: str, value: Any) -> float:
    if isinstance(value, SupportsFloat):
        with suppress(TypeError, ValueError):
            number = float(value)
            if 0 <= number <= 1:
                return value if type(value) is int else number
    shown = repr(value) if isinstance(value, float) else as_text(value)
    raise ScoreError(f"the score {name!r} is {shown}; give a number in 0..1, a bool or None")
