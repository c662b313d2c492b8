"""Bodies with long texts: these stand behind the rest as they are, and are written from where they lie."""

from struct import Struct, error
from typing import Final, TypeAlias

Parts: TypeAlias = tuple[bytes, ...]
"""What is written one after the other as one body."""

LONG: Final = 1 << 14
"""A text of so many characters is a part of its own."""

MOST_PARTS: Final = 14
_LENGTH: Final = Struct("<I")


def in_parts(body: bytes, long: list[bytes]) -> Parts:
    """A body with long texts, and before it what is needed to tell them apart again."""
    lengths = b"".join(map(_LENGTH.pack, [len(long), len(body), *map(len, long)]))
    return (lengths + body, *long)


def divided(data: bytes) -> tuple[bytes, list[bytes]]:
    """The body and the long texts of what `in_parts` has put together. Raises ValueError on anything else."""
    try:
        (count,) = _LENGTH.unpack_from(data)
        start = _LENGTH.size * (count + 2)
        lengths = [length for (length,) in _LENGTH.iter_unpack(data[_LENGTH.size : start])]
    except error as broken:
        raise ValueError("no body in parts") from broken
    parts: list[bytes] = []
    for length in lengths:
        parts.append(data[start : start + length])
        start += length
    if start != len(data):
        raise ValueError("no body in parts")
    return parts[0], parts[1:]
