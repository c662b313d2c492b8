"""MessagePack, in which text lies as it is: no JSON is escaped a second time."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, cast

import msgpack  # pyright: ignore[reportMissingTypeStubs]

from spanscore._json import to_json

_MAX_DEPTH = 32
_LEAST, _MOST = -(1 << 63), (1 << 64) - 1

_KEPT_BYTES = 1 << 16
"""A packer that has packed more has a buffer that is better given back."""

_new_packer: Final = cast(
    "Callable[[], Any]",
    partial(msgpack.Packer, autoreset=True),  # pyright: ignore[reportUnknownMemberType]
)
_packers: Final[list[Any]] = []

unpack: Final = cast(
    "Callable[[bytes], Any]",
    partial(msgpack.unpackb, use_list=False, strict_map_key=False),  # pyright: ignore[reportUnknownMemberType]
)
"""The value of bytes; arrays are tuples."""


def packed(value: Any) -> bytes:
    """`value` as bytes; what MessagePack cannot hold becomes text."""
    # Making a packer costs as much as packing a span. One is never shared while it works: garbage collection
    # may end a span, and pack it, right in the middle.
    try:
        packer = _packers.pop()
    except IndexError:
        packer = _new_packer()
    try:
        body: bytes = packer.pack(value)
    except (TypeError, ValueError, OverflowError, RecursionError):
        return packed(plain(value))
    if len(body) < _KEPT_BYTES:
        _packers.append(packer)
    return body


def plain(value: Any, depth: int = 0) -> Any:
    """The same value out of types that MessagePack holds; lone surrogates and huge integers become text."""
    if value is None or isinstance(value, (bool, float, bytes, bytearray, memoryview)):
        return cast("Any", value)
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
