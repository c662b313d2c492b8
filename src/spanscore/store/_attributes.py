"""The attributes of a span that no row field has taken yet."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from spanscore._json import JsonText, from_json, to_json

UNBOUNDED: Final = 1 << 40
"""Budget of values that were within a budget already, when they were made."""

_MAX_SEGMENTS: Final = 32
_INDEX_DIGITS: Final = 10


def as_json(value: Any) -> JsonText:
    """JSON text of a value whatever its size; JSON text that we made is taken as it is."""
    return value if type(value) is JsonText else to_json(value, max_bytes=UNBOUNDED, redact=False)


def parsed(value: Any) -> JsonText | None:
    """The text if it is valid JSON, else None."""
    if type(value) is JsonText:
        return value
    if not isinstance(value, str):
        return None
    try:
        from_json(value)
    except ValueError:
        return None
    return JsonText(value)


def parsed_object(value: Any) -> JsonText | None:
    """The text if it is a JSON object, else None. A mapping, as OTLP can carry it, counts too."""
    if isinstance(value, Mapping):
        return as_json(value)
    text = parsed(value)
    return text if text is not None and text.lstrip().startswith("{") else None


def is_utf8(text: str) -> bool:
    """Whether the text can be stored: lone surrogates cannot."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def printable(text: str) -> str:
    """The text with lone surrogates replaced."""
    return text if is_utf8(text) else text.encode("utf-8", "replace").decode()


class Attributes:
    """Attributes by key; what is taken is no longer left."""

    def __init__(self, attributes: Mapping[str, Any]) -> None:
        self._left = dict(attributes)

    @property
    def left(self) -> Mapping[str, Any]:
        """What nobody took."""
        return self._left

    def take(self, *keys: str) -> Any:
        """The value of the first key that is there, else None; the other keys stay."""
        for key in keys:
            if key in self._left:
                return self._left.pop(key)
        return None

    def take_json(self, key: str) -> JsonText | None:
        """The value if it is valid JSON text, else None and it stays."""
        text = parsed(self._left.get(key))
        if text is not None:
            del self._left[key]
        return text

    def take_object(self, key: str) -> JsonText | None:
        """The value if it is a JSON object, else None and it stays."""
        text = parsed_object(self._left.get(key))
        if text is not None:
            del self._left[key]
        return text

    def take_below(self, prefix: str) -> dict[str, Any]:
        """Values of the keys that start with `prefix`, by the rest of the key."""
        keys = [key for key in self._left if key.startswith(prefix) and key != prefix]
        return {key[len(prefix) :]: self._left.pop(key) for key in keys}


def nested(flat: Mapping[str, Any]) -> Any:
    """What flattened keys stand for. Keys of a level that are all numbers make a list, in their order.

    A key that leads through a plain value stays as it is.

    >>> nested({"0.role": "user", "0.content": "hi", "1.role": "assistant"})
    [{'content': 'hi', 'role': 'user'}, {'role': 'assistant'}]
    """
    return _listed(_tree(flat))


def nested_object(flat: Mapping[str, Any]) -> dict[str, Any]:
    """What flattened keys stand for where an object is wanted, whatever its own keys are."""
    return {key: _listed(value) for key, value in _tree(flat).items()}


def _tree(flat: Mapping[str, Any]) -> "_Branch":
    tree = _Branch()
    for key in sorted(flat):
        _plant(tree, key.split(".", _MAX_SEGMENTS - 1), flat[key])
    return tree


class _Branch(dict[str, Any]):
    """A level that flattened keys made; a mapping that is a value is none."""


def _plant(tree: _Branch, path: Sequence[str], value: Any) -> None:
    for depth, segment in enumerate(path[:-1]):
        below = tree.setdefault(segment, _Branch())
        if not isinstance(below, _Branch):
            tree[".".join(path[depth:])] = value
            return
        tree = below
    tree[path[-1]] = value


def _listed(value: Any) -> Any:
    if not isinstance(value, _Branch):
        return value
    values = {key: _listed(below) for key, below in value.items()}
    if all(_is_index(key) for key in values):
        return [values[key] for key in sorted(values, key=int)]
    return values


def _is_index(key: str) -> bool:
    return key.isascii() and key.isdigit() and len(key) < _INDEX_DIGITS
