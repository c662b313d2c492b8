"""MessagePack, in which text lies as it is: no JSON is escaped a second time."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, cast

import msgpack  # pyright: ignore[reportMissingTypeStubs]

from spanscore._json import to_json

_MAX_DEPTH = 32
_LEAST, _MOST = -(1 << 63), (1 << 64) - 1

pack: Final = cast("Callable[[Any], bytes]", msgpack.packb)  # pyright: ignore[reportUnknownMemberType]
"""A value as bytes. Raises on what MessagePack cannot hold."""

unpack: Final = cast(
    "Callable[[bytes], Any]",
    partial(msgpack.unpackb, use_list=False, strict_map_key=False),  # pyright: ignore[reportUnknownMemberType]
)
"""The value of bytes; arrays are tuples."""


def packed(value: Any) -> bytes:
    """`value` as bytes; what MessagePack cannot hold becomes text."""
    try:
        return pack(value)
    except (TypeError, ValueError, OverflowError, RecursionError):
        return pack(plain(value))


def plain(value: Any, depth: int = 0) -> Any:
    """The same value out of types that MessagePack holds; lone surrogates and huge integers become text."""
    if value is None or isinstance(value, (bool, float, bytes)):
        return value
    if isinstance(value, int):
        return int(value) if _LEAST <= value <= _MOST else hex(value)
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if depth < _MAX_DEPTH and isinstance(value, Mapping):
        pairs = cast("Mapping[Any, Any]", value).items()
        return {plain(str(key)): plain(each, depth + 1) for key, each in pairs}
    if depth < _MAX_DEPTH and isinstance(value, Sequence):
        return [plain(each, depth + 1) for each in cast("Sequence[Any]", value)]
    return str(to_json(value))
