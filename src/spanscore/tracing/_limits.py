"""A span's attributes within the limits of OpenTelemetry, cheap for the common case."""

from collections.abc import Mapping
from typing import Any, cast

from opentelemetry.attributes import BoundedAttributes

from spanscore._json import JsonText

_PLAIN = frozenset({str, JsonText, bool, int, float})
_TEXT = frozenset({str, JsonText})


class PlainAttributes(dict[str, Any]):
    """Attributes that this library has put together itself: keys and values are of plain types."""

    __slots__ = ()


class LimitedAttributes(dict[str, Any]):
    """Attributes of one span: a dict that keeps the newest `most` and cuts text at `longest` characters.

    Keys and values of plain types go straight in; everything else is cleaned by the SDK's own
    `BoundedAttributes`, so that each SDK version's rules hold. `dropped` counts as the SDK counts.
    """

    __slots__ = ("dropped", "longest", "most")

    def __init__(self, most: int | None, longest: int | None) -> None:
        self.most = most
        self.longest = longest
        self.dropped = 0

    def put(self, key: str, value: Any) -> None:
        """Set one attribute as `Span.set_attribute` does."""
        if type(key) is str and key and self._is_plain(value) and self.most != 0:
            self._insert(key, value)
            return
        cleaner = BoundedAttributes(None if self.most != 0 else 0, None, False, self.longest)
        cleaner[key] = value
        self._take(cleaner)

    def put_all(self, attributes: Mapping[str, Any]) -> None:
        """Set several attributes as `Span.set_attributes` does."""
        if self.most != 0 and self._are_plain(attributes):
            if not self and (self.most is None or len(attributes) <= self.most):
                self.update(attributes)
                return
            for key, value in attributes.items():
                self._insert(key, value)
            return
        self._take(BoundedAttributes(None if self.most != 0 else 0, attributes, True, self.longest))

    def _are_plain(self, attributes: Mapping[str, Any]) -> bool:
        longest = self.longest
        if longest is None and type(attributes) is PlainAttributes:
            return True
        for key, value in attributes.items():
            kind = cast("type[Any]", type(value))
            if kind not in _PLAIN or type(key) is not str or not key:
                return False
            if longest is not None and kind in _TEXT and len(value) > longest:
                return False
        return True

    def _is_plain(self, value: Any) -> bool:
        kind = cast("type[Any]", type(value))
        return kind in _PLAIN and (self.longest is None or kind not in _TEXT or len(value) <= self.longest)

    def _take(self, cleaned: BoundedAttributes) -> None:
        self.dropped += cleaned.dropped
        for key, value in cleaned.items():
            self._insert(key, value)

    def _insert(self, key: str, value: Any) -> None:
        self.pop(key, None)
        if self.most is not None and len(self) >= self.most:
            del self[next(iter(self))]
            self.dropped += 1
        self[key] = value
