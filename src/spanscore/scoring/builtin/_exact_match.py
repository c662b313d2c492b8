"""Whether the output is what is expected."""

from dataclasses import dataclass
from typing import Any, cast

from spanscore._json import from_json, to_json
from spanscore.scoring._score import Score

_UNBOUNDED = 1 << 40


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactMatch:
    """1 where the output equals what is expected, 0 where not; skipped where the case expects nothing.

    Values are compared as JSON: a tuple equals a list, 1 equals 1.0, true does not equal 1, and the order of
    keys does not matter. `ignore_case` and `ignore_space` are for texts, at any depth: the latter takes any
    run of white space for one blank, and none at the ends.

    >>> ExactMatch()("Paris", "Paris").score
    1.0
    >>> ExactMatch(ignore_case=True, ignore_space=True)(" the  answer", "The answer").score
    1.0
    >>> ExactMatch()({"a": (1, 2)}, {"a": [1, 2.0]}).score
    1.0
    """

    ignore_case: bool = False
    ignore_space: bool = False
    name: str = "exact_match"

    def __call__(self, output: Any, expected: Any = None) -> Score:
        """The score of one output."""
        if expected is None:
            return Score(self.name, None, {"skipped": "the case expects nothing"})
        return Score(self.name, float(is_same(self._bare(output), self._bare(expected))))

    def _bare(self, value: Any) -> Any:
        return self._without(plain(value))

    def _without(self, value: Any) -> Any:
        """The value without what is to be ignored."""
        if isinstance(value, str):
            text = " ".join(value.split()) if self.ignore_space else value
            return text.casefold() if self.ignore_case else text
        if isinstance(value, list):
            return [self._without(item) for item in cast("list[Any]", value)]
        if isinstance(value, dict):
            return {key: self._without(item) for key, item in cast("dict[str, Any]", value).items()}
        return value


def plain(value: Any) -> Any:
    """The value as its JSON reads: texts, numbers, booleans, None, lists and dicts of these."""
    if value is None or type(value) in (str, int, float, bool):
        return value
    return from_json(to_json(value, max_bytes=_UNBOUNDED, redact=False))


def is_same(one: Any, other: Any) -> bool:
    """Equality of plain values, where true is not 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        first, second = cast("dict[str, Any]", one), cast("dict[str, Any]", other)
        return first.keys() == second.keys() and all(is_same(first[key], second[key]) for key in first)
    if isinstance(one, list) and isinstance(other, list):
        items, others = cast("list[Any]", one), cast("list[Any]", other)
        return len(items) == len(others) and all(map(is_same, items, others))
    return one == other
