"""The parts that protobuf messages are made of: variable-length integers and fields, as bytes."""

from struct import Struct
from typing import Final

VARINT: Final = 0
FIXED64: Final = 1
BYTES: Final = 2
FIXED32: Final = 5

_SMALL: Final = tuple(bytes((number,)) for number in range(0x80))
_DOUBLE: Final = Struct("<d")
_UINT64: Final = (1 << 64) - 1
_UINT32: Final = (1 << 32) - 1

pack_double: Final = _DOUBLE.pack


def varint(number: int) -> bytes:
    """A whole number, 0 or more, seven bits a byte, the least significant first."""
    if number < 0x80:
        return _SMALL[number]
    if number < 0x4000:
        return bytes((number & 0x7F | 0x80, number >> 7))
    digits = bytearray()
    while number >= 0x80:
        digits.append(number & 0x7F | 0x80)
        number >>= 7
    digits.append(number)
    return bytes(digits)


def int64(number: int) -> bytes:
    """A whole number of 64 bits; a negative one takes ten bytes. Larger ones lose their upper bits."""
    return varint(number & _UINT64)


def tag(field: int, kind: int) -> bytes:
    """What stands before a field: its number and how its value is written."""
    return varint(field << 3 | kind)


def block(before: bytes, content: bytes) -> bytes:
    """A field of text, bytes or a message; `before` is its tag."""
    return before + varint(len(content)) + content


def fixed64(before: bytes, number: int) -> bytes:
    """A field of eight bytes; what does not fit becomes the nearest number that does."""
    return before + min(max(int(number), 0), _UINT64).to_bytes(8, "little")


def uint32(before: bytes, number: int) -> bytes:
    """A field of a whole number; what does not fit becomes the nearest number that does."""
    return before + varint(min(max(number, 0), _UINT32))
