"""Attribute values as OTLP writes them: any value has a form, none makes the request unreadable."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, cast

from spanscore._json import JsonText, to_json
from spanscore._json._names import kind_of
from spanscore.delivery._protobuf import block, int64, pack_double, varint

MAX_DEPTH: Final = 24
"""Levels of lists and mappings; what is deeper becomes JSON text. Decoders refuse about 33."""

_MAX_NODES: Final = 100_000
_BYTES_A_NODE: Final = 16
_LEAST_INT, _GREATEST_INT = -(1 << 63), (1 << 63) - 1
_STRING, _BOOL, _INT, _DOUBLE = b"\x0a", b"\x10", b"\x18", b"\x21"
_ARRAY, _MAPPING, _BYTES = b"\x2a", b"\x32", b"\x3a"
_KEY, _VALUE, _ITEM = b"\x0a", b"\x12", b"\x0a"
_TRUE, _FALSE = _BOOL + b"\x01", _BOOL + b"\x00"
_MOST_KEYS: Final = 4096
_LONGEST_KEY: Final = 256
_encoded_keys: dict[str, bytes] = {}


class _TooManyNodesError(Exception):
    """A value has more parts than are worth writing one by one."""


def utf8(string: str) -> bytes:
    """The text in UTF-8; a lone surrogate, which has no such form, becomes its escape as text."""
    try:
        return str.encode(string)
    except UnicodeEncodeError:
        return str.encode(string, "utf-8", "backslashreplace")


def encode_attributes(before: bytes, attributes: Mapping[str, Any] | None) -> bytes:
    """The attributes as a repeated field of key and value; `before` is the field's tag."""
    if not attributes:
        return b""
    parts: list[bytes] = []
    for key, value in attributes.items():
        kind = kind_of(value)
        if kind is str or kind is JsonText:
            # Written out: the texts are long and most of what there is, so they are copied once.
            data = utf8(value)
            length = varint(len(data))
            value_size = varint(1 + len(length) + len(data))
            named = _named(key)
            size = len(named) + 2 + len(value_size) + len(length) + len(data)
            parts += (before, varint(size), named, _VALUE, value_size, _STRING, length, data)
        else:
            parts.append(block(before, _named(key) + block(_VALUE, encode_value(value))))
    return b"".join(parts)


def encode_value(value: Any) -> bytes:
    """The value as OTLP's AnyValue.

    Integers of more than 64 bits become their digits; lists and mappings deeper than MAX_DEPTH and values
    of other types become JSON text.
    """
    kind = kind_of(value)
    writer = _WRITERS.get(kind)
    try:
        return writer(value) if writer is not None else _Tree().encode(value, 0)
    except KeyboardInterrupt:
        raise
    except BaseException:  # noqa: BLE001 - whatever a value's own code raises, its neighbours are sent
        return _as_json(value)


def _named(key: str) -> bytes:
    """The key as a field; most programs have few, used again and again."""
    found = _encoded_keys.get(key)
    if found is None:
        found = block(_KEY, text(key))
        if type(key) is str and len(_encoded_keys) < _MOST_KEYS and len(found) < _LONGEST_KEY:
            _encoded_keys[key] = found
    return found


def text(value: Any) -> bytes:
    """A name in UTF-8, whatever it is."""
    if isinstance(value, str):
        return utf8(value)
    return utf8(str(value) if value is None or isinstance(value, (int, float)) else to_json(value))


def _as_json(value: Any) -> bytes:
    return block(_STRING, utf8(to_json(value)))


def _string(value: str) -> bytes:
    return block(_STRING, utf8(value))


def _bool(value: Any) -> bytes:
    return _TRUE if value else _FALSE


def _int(value: int) -> bytes:
    if _LEAST_INT <= value <= _GREATEST_INT:
        return _INT + int64(value)
    return block(_STRING, str(int(value)).encode())


def _double(value: float) -> bytes:
    return _DOUBLE + pack_double(value)


def _bytes(value: bytes) -> bytes:
    return block(_BYTES, bytes(value))


def _none(_value: None) -> bytes:
    return b""


_WRITERS: Final[dict[type, Callable[[Any], bytes]]] = {
    str: _string,
    JsonText: _string,
    bool: _bool,
    int: _int,
    float: _double,
    bytes: _bytes,
    type(None): _none,
}


class _Tree:
    """Writes one value with everything below it, as long as there is not too much of it."""

    def __init__(self) -> None:
        self._nodes = 0

    def encode(self, value: Any, depth: int) -> bytes:
        self._nodes += 1
        if self._nodes > _MAX_NODES:
            raise _TooManyNodesError
        kind = kind_of(value)
        writer = _WRITERS.get(kind)
        if writer is not None:
            return writer(value)
        if isinstance(value, (str, int, float, bytes)):
            return _subclass(value)
        if not isinstance(value, (Sequence, Mapping)) or depth >= MAX_DEPTH:
            return self._json(value)
        if isinstance(value, Mapping):
            return block(_MAPPING, self._pairs(cast("Mapping[Any, Any]", value), depth + 1))
        return block(_ARRAY, self._items(cast("Sequence[Any]", value), depth + 1))

    def _json(self, value: Any) -> bytes:
        encoded = _as_json(value)
        self._nodes += len(encoded) // _BYTES_A_NODE
        return encoded

    def _items(self, items: Sequence[Any], depth: int) -> bytes:
        return b"".join([block(_ITEM, self.encode(item, depth)) for item in items])

    def _pairs(self, pairs: Mapping[Any, Any], depth: int) -> bytes:
        return b"".join(
            [
                block(_ITEM, _named_once(key) + block(_VALUE, self.encode(value, depth)))
                for key, value in pairs.items()
            ]
        )


def _named_once(key: Any) -> bytes:
    return block(_KEY, text(key))


def _subclass(value: str | float | bytes) -> bytes:
    """A value of a type derived from a plain one, such as a member of an enumeration."""
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, int):
        return _int(value)
    return _double(value) if isinstance(value, float) else _bytes(value)
