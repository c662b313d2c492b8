"""What a scorer returned, as scores."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from spanscore.errors import ScoreError
from spanscore.scoring._score import Score
from spanscore.scoring._shown import shown

WANTED: Final = "return a number in 0..1, None, a dict with 'score', a Score, or a list of named ones"


def normalise(scorer: str, raw: Any) -> tuple[Score, ...]:
    """The scores that the scorer of this name means by `raw`.

    A number or a bool is its score, None that it skipped the case. A dict with `score` and anything with
    `name` and `score` (that of autoevals too) may name the score and carry `metadata`; a list of these
    gives several. Raises ScoreError when `raw` is anything else, or a score is NaN or not in 0..1, or two
    have one name.

    >>> normalise("exact", True)
    (Score(name='exact', score=1.0, metadata={}),)
    """
    if _is_sequence(raw) and not _is_score(raw):
        return _named(scorer, raw)
    if raw is None or _is_number(raw):
        return (Score(scorer, _checked(scorer, raw)),)
    return (_score(scorer, raw),)


def _named(scorer: str, items: Sequence[Any]) -> tuple[Score, ...]:
    """Several scores, each with a name of its own."""
    for item in items:
        if not _is_score(item) and not (_is_mapping(item) and item.get("name")):
            raise ScoreError(
                f"{scorer} returned a list with {shown(item)}, whose name nobody knows; "
                f"return Score(name, score) or {{'name': …, 'score': …}} for each"
            )
    scores = tuple(_score(scorer, item) for item in items)
    names = [score.name for score in scores]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ScoreError(f"{scorer} returned several scores named {', '.join(repeated)}; give each its own")
    return scores


def _score(scorer: str, raw: Any) -> Score:
    """One score out of a dict or of an object with the attributes of a score."""
    if _is_score(raw):
        name, value, metadata = raw.name, raw.score, getattr(raw, "metadata", None)
    elif _is_mapping(raw) and "score" in raw:
        name, value, metadata = raw.get("name"), raw["score"], raw.get("metadata")
    else:
        raise ScoreError(f"{scorer} returned {shown(raw)}; {WANTED}")
    if metadata is not None and not _is_mapping(metadata):
        raise ScoreError(f"{scorer} returned the metadata {shown(metadata)}; give a dict or leave it out")
    name = str(name or scorer)
    return Score(name, _checked(name, value), dict(metadata or {}))


def _checked(name: str, value: Any) -> float | None:
    """The value as a float in 0..1, or None."""
    if value is None:
        return None
    if not _is_number(value):
        raise ScoreError(f"the score {name} is {shown(value)}; {WANTED}")
    number = float(value)
    if math.isnan(number) or not 0 <= number <= 1:
        raise ScoreError(
            f"the score {name} is {number!r}, which is not in 0..1; scale it, or return None to skip"
        )
    return number


def _is_number(raw: object) -> bool:
    """True of all that has a value as float: numpy's scalars and Decimal too, which share no base class."""
    return hasattr(type(raw), "__float__")


def _is_score(raw: Any) -> bool:
    return hasattr(raw, "score") and hasattr(raw, "name")


def _is_sequence(raw: object) -> bool:
    return isinstance(raw, (list, tuple))


def _is_mapping(raw: Any) -> bool:
    return isinstance(raw, Mapping)
