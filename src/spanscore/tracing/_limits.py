"""OpenTelemetry's limits of attributes, cheap for the common case."""

import sys
from collections.abc import Mapping
from typing import Any, cast

from opentelemetry.attributes import BoundedAttributes

from spanscore._json import JsonText

_PLAIN = frozenset({str, JsonText, bool, int, float})
_TEXT = frozenset({str, JsonText})


def is_plain_tuple(value: Any) -> bool:
    """True for a tuple of texts, which is kept as it is."""
    return type(value) is tuple and all(type(item) is str for item in cast("tuple[Any, ...]", value))


class PlainAttributes(dict[str, Any]):
    """Attributes that this library has put together itself, for one span that may take them over.

    Keys are text that is not empty, values are of plain types.
    """

    __slots__ = ()


class AttributeLimits:
    """Keeps the newest `most` attributes of a dict and cuts text at `longest` characters; None: no limit.

    Keys and values of plain types go straight in; everything else is cleaned by the SDK's own
    `BoundedAttributes`, so that each SDK version's rules hold. Methods that change a dict return how many
    attributes that cost, counted as the SDK counts.
    """

    __slots__ = ("longest", "most", "most_as_they_are")

    def __init__(self, most: int | None, longest: int | None) -> None:
        self.most: int | None = most
        self.longest: int | None = longest
        # So many plain attributes need not be looked at: none of them has to go or to be cut.
        self.most_as_they_are: int = 0 if longest is not None else sys.maxsize if most is None else most

    def put(self, attributes: dict[str, Any], key: str, value: Any) -> int:
        """Set one attribute as `Span.set_attribute` does."""
        kind = cast("type[Any]", type(value))
        fits = self.longest is None or kind not in _TEXT or len(value) <= self.longest
        if fits and kind in _PLAIN and type(key) is str and key and self.most != 0:
            return self._insert(attributes, key, value)
        cleaner = BoundedAttributes(None if self.most != 0 else 0, None, False, self.longest)
        cleaner[key] = value
        return self._take(attributes, cleaner)

    def put_all(self, attributes: dict[str, Any], added: Mapping[str, Any]) -> int:
        """Set several attributes as `Span.set_attributes` does."""
        as_it_is = type(added) is PlainAttributes and len(attributes) + len(added) <= self.most_as_they_are
        if as_it_is and attributes.keys().isdisjoint(added):
            attributes.update(added)
            return 0
        if self.most == 0 or not self._are_plain(added):
            cleaned = BoundedAttributes(None if self.most != 0 else 0, added, True, self.longest)
            return self._take(attributes, cleaned)
        if self.most is None or len(attributes) + len(added) <= self.most:
            # What is set anew becomes the newest.
            for key in attributes.keys() & added.keys():
                del attributes[key]
            attributes.update(added)
            return 0
        return sum(self._insert(attributes, key, value) for key, value in added.items())

    def _are_plain(self, attributes: Mapping[str, Any]) -> bool:
        for key, value in attributes.items():
            kind = cast("type[Any]", type(value))
            if type(key) is not str or not key:
                return False
            if kind not in _PLAIN and not (self.longest is None and is_plain_tuple(value)):
                return False
            if self.longest is not None and kind in _TEXT and len(value) > self.longest:
                return False
        return True

    def _take(self, attributes: dict[str, Any], cleaned: BoundedAttributes) -> int:
        return cleaned.dropped + sum(self._insert(attributes, key, cleaned[key]) for key in cleaned)

    def _insert(self, attributes: dict[str, Any], key: str, value: Any) -> int:
        dropped = 0
        if key in attributes:
            attributes.pop(key, None)
        elif self.most is not None and len(attributes) >= self.most:
            del attributes[next(iter(attributes))]
            dropped = 1
        attributes[key] = value
        return dropped
