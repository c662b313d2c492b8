"""How much of a JSON value is as it is expected."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, Final, TypeGuard, cast

from spanscore._json import from_json
from spanscore.scoring._score import Score
from spanscore.scoring._shown import shown
from spanscore.scoring.builtin._exact_match import is_same, plain

_MOST_TOLD: Final = 10
_LONG_TEXT: Final = 1_000
_ABSENT: Final = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class JSONDiff:
    """The share of the expected value that the output has, 1 where they are equal.

    Objects are compared key by key and lists place by place, each part counting the same; a part that only
    one of both has counts 0. Numbers count by their distance, texts by what they have in common (with
    `similar_texts` False only equal texts count), anything else if it is equal. An output that is a text is
    read as JSON where a text is not what is expected. The metadata lists the first differences. Skipped
    where the case expects nothing.

    >>> found = JSONDiff()('{"city": "Rome", "days": 3}', {"city": "Rome", "days": 1})
    >>> found.score, found.metadata
    (0.75, {'differences': ['$.days: 3 instead of 1']})
    """

    similar_texts: bool = True
    name: str = "json_diff"

    def __call__(self, output: Any, expected: Any = None) -> Score:
        """The score of one output."""
        if expected is None:
            return Score(self.name, None, {"skipped": "the case expects nothing"})
        wanted, found = plain(expected), plain(output)
        if isinstance(found, str) and not isinstance(wanted, str):
            try:
                found = from_json(found)
            except ValueError:
                return Score(self.name, 0.0, {"differences": [f"$: {shown(output)} is no JSON"]})
        share = self._share(found, wanted)
        if share == 1:
            return Score(self.name, 1.0)
        told = [line for line, _ in zip(_differences(found, wanted, "$"), range(_MOST_TOLD), strict=False)]
        return Score(self.name, share, {"differences": told})

    def _share(self, found: Any, wanted: Any) -> float:
        if isinstance(found, dict) and isinstance(wanted, dict):
            one, other = cast("dict[str, Any]", found), cast("dict[str, Any]", wanted)
            keys = one.keys() | other.keys()
            return _mean(
                [self._share(one.get(key, _ABSENT), other.get(key, _ABSENT)) for key in sorted(keys)]
            )
        if isinstance(found, list) and isinstance(wanted, list):
            pairs = zip_longest(cast("list[Any]", found), cast("list[Any]", wanted), fillvalue=_ABSENT)
            return _mean([self._share(one, other) for one, other in pairs])
        if isinstance(found, str) and isinstance(wanted, str):
            return _similarity(found, wanted) if self.similar_texts else float(found == wanted)
        if _is_number(found) and _is_number(wanted) and found != wanted:
            return 1 - min(1.0, abs(found - wanted) / (abs(found) + abs(wanted)))
        return float(found is not _ABSENT and is_same(found, wanted))


def _mean(shares: list[float]) -> float:
    return sum(shares) / len(shares) if shares else 1.0


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _similarity(found: str, wanted: str) -> float:
    """The share of both texts that they have in common."""
    if found == wanted:
        return 1.0
    if max(len(found), len(wanted)) <= _LONG_TEXT:
        return SequenceMatcher(None, found, wanted, autojunk=False).ratio()
    # The matcher's time grows with the product of the lengths; of long texts beginning and end will do.
    begin = _common(found, wanted)
    end = _common(found[begin:][::-1], wanted[begin:][::-1])
    return 2 * (begin + end) / (len(found) + len(wanted))


def _common(one: str, other: str) -> int:
    """How many characters at the beginning are the same."""
    least, most = 0, min(len(one), len(other))
    while least < most:
        middle = (least + most + 1) // 2
        if one[least:middle] == other[least:middle]:
            least = middle
        else:
            most = middle - 1
    return least


def _differences(found: Any, wanted: Any, path: str) -> Iterator[str]:
    if isinstance(found, dict) and isinstance(wanted, dict):
        one, other = cast("dict[str, Any]", found), cast("dict[str, Any]", wanted)
        for key in dict.fromkeys((*other, *one)):
            yield from _differences(one.get(key, _ABSENT), other.get(key, _ABSENT), f"{path}.{key}")
    elif isinstance(found, list) and isinstance(wanted, list):
        pairs = zip_longest(cast("list[Any]", found), cast("list[Any]", wanted), fillvalue=_ABSENT)
        for place, (one, other) in enumerate(pairs):
            yield from _differences(one, other, f"{path}[{place}]")
    elif found is _ABSENT:
        yield f"{path}: missing"
    elif wanted is _ABSENT:
        yield f"{path}: {shown(found)} too much"
    elif not is_same(found, wanted):
        yield f"{path}: {shown(found)} instead of {shown(wanted)}"
