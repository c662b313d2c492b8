"""What the cases have where filters looked, for a run that has chosen none of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from re import Pattern
from typing import Any, Final, cast

from spanscore._json import to_json
from spanscore.evals._case import EvalCase
from spanscore.evals._case_path import value_at

_MOST_VALUES: Final = 1_000
_SHOWN: Final = 5
_LONGEST: Final = 40
_TOP: Final = ("input", "expected", "metadata", "tags")


class Misses:
    """Counts what cases have at the paths of `filters`; `text` says it in words.

    At most a thousand values of a path are held.
    """

    def __init__(self, filters: Sequence[tuple[str, Pattern[str]]]) -> None:
        self.read: int = 0
        self._places = [_Place(path, pattern) for path, pattern in filters]

    def add(self, case: EvalCase) -> None:
        """Take note of a case that was not chosen."""
        self.read += 1
        for place in self._places:
            place.add(case)

    @property
    def text(self) -> str:
        """Such as "of 9 cases metadata.topic is faq in 6, other in 3"; says so if there are no cases."""
        if self.read == 0:
            return "the data has no cases"
        if not self._places:
            return f"none of them is in the data, which has {self.read:,}"
        of = f"of {self.read:,} cases " if self.read > 1 else "of the one case "
        return of + "; ".join(place.text(self.read) for place in self._places)


class _Place:
    """What stands at one path."""

    def __init__(self, path: str, pattern: Pattern[str]) -> None:
        self._path = path
        self._pattern = pattern
        self._matching = 0
        self._absent = 0
        self._values: Counter[str] = Counter()
        self._keys: dict[str, None] = {}

    def add(self, case: EvalCase) -> None:
        value = value_at(case, self._path)
        if value is None:
            self._absent += 1
            self._keys.update(dict.fromkeys(_beside(case, self._path)))
            return
        text = value if isinstance(value, str) else to_json(value)
        self._matching += self._pattern.match(text) is not None
        shown = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
        if shown in self._values or len(self._values) < _MOST_VALUES:
            self._values[shown] += 1

    def text(self, read: int) -> str:
        if self._matching:
            return f"{self._matching:,} match {self._path}={self._pattern.pattern}"
        if not self._values:
            known = f"; they have {', '.join(list(self._keys)[:_SHOWN])}" if self._keys else ""
            return f"none has {self._path}{known}"
        counts = self._values.most_common(_SHOWN)
        found = [f"{value} in {count:,}" for value, count in counts]
        if (others := len(self._values) - len(counts)) > 0:
            found.append(f"{others:,} other value{'s' * (others > 1)}")
        if self._absent:
            found.append(f"absent in {self._absent:,}")
        return f"{self._path} is {', '.join(found)}"


def _beside(case: EvalCase, path: str) -> list[str]:
    """The paths that the case does have, next to where `path` leads to nothing."""
    parts = path.split(".")
    for length in range(len(parts) - 1, 0, -1):
        above = ".".join(parts[:length])
        found = value_at(case, above)
        if isinstance(found, Mapping):
            return [f"{above}.{name}" for name in cast("Mapping[Any, Any]", found)]
        if found is not None:
            return [above]
    return [name for name in _TOP if getattr(case, name) not in (None, (), [], {})]
