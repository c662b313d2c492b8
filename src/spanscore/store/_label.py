"""What a row's span attributes say about its span."""

from functools import lru_cache
from typing import Any, Final, NamedTuple

from spanscore._json import JsonText, from_json
from spanscore.store._attributes import printable


class Label(NamedTuple):
    """Type, name and purpose of a span, each None where it is not given."""

    type: str | None
    name: str | None
    purpose: str | None


_NOTHING: Final = Label(None, None, None)
_CACHED_TEXT: Final = 2_000


def label(span_attributes: JsonText | None) -> Label:
    """The label in the text of a row's `span_attributes`."""
    if span_attributes is None:
        return _NOTHING
    return (
        _label(span_attributes)
        if len(span_attributes) < _CACHED_TEXT
        else _label.__wrapped__(span_attributes)
    )


@lru_cache(maxsize=1024)
def _label(span_attributes: JsonText) -> Label:
    given: dict[str, Any] = from_json(span_attributes)
    return Label(_text(given.get("type")), _text(given.get("name")), _text(given.get("purpose")))


def _text(value: Any) -> str | None:
    return printable(value) if isinstance(value, str) and value else None
