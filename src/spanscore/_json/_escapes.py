"""Long texts full of quotes and newlines, written faster than orjson writes them."""

from collections.abc import Sequence
from json.encoder import encode_basestring
from typing import Any, Final, cast

import orjson

from spanscore._json._names import kind_of

DENSE: Final = 0.4
"""Where more of the characters than this need a backslash the standard library is faster."""

ESCAPED: Final = '"\\\n'
"""The characters that are counted; others that need a backslash are rare."""

SLICES: Final = 8
SLICE: Final = 128
"""The parts of a text that are looked at."""

WORTH: Final = 64
"""So many characters save the time that it takes to copy one value beside them."""


def escaped(value: Any, texts: Sequence[str]) -> Any:
    """Plain data with those of its `texts` written out already that take orjson long; the same as JSON.

    Containers on the way are copied. What is no plain data stays as it is, and so does all if there is too
    much beside the texts. A lone surrogate in a text makes orjson raise, as it would without.
    """
    dense = [text for text in texts if _is_dense(text)]
    if not dense:
        return value
    copier = _Copier(dense)
    copy = copier.copy(value)
    return copy if copier.left >= 0 else value


class _Copier:
    """Copies plain data with written texts in the place of some."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.left = sum(map(len, texts)) // WORTH
        self._texts = set(map(id, texts))
        self._written: dict[int, orjson.Fragment] = {}

    def copy(self, value: Any) -> Any:
        self.left -= 1
        kind = kind_of(value)
        if self.left < 0:
            return value
        if kind is str:
            return self._text(value)
        if kind is dict:
            return self._object(value)
        if kind is list or kind is tuple:
            return list(map(self.copy, value))
        return value

    def _text(self, text: str) -> Any:
        key = id(text)
        if key not in self._texts:
            return text
        if key not in self._written:
            self._written[key] = orjson.Fragment(cast("Any", encode_basestring)(text))
        return self._written[key]

    def _object(self, value: dict[Any, Any]) -> dict[Any, Any]:
        # In one step, so that another thread may go on changing the original; hashes no key.
        snapshot = value.copy()
        if any(kind_of(key) is not str for key in snapshot):
            return value
        return {key: self.copy(child) for key, child in snapshot.items()}


def _is_dense(text: str) -> bool:
    """Whether slices from all over the text are full of characters that need a backslash."""
    step = (len(text) - SLICE) // (SLICES - 1)
    seen = "".join([text[step * number : step * number + SLICE] for number in range(SLICES)])
    return sum(map(seen.count, ESCAPED)) > DENSE * len(seen)
