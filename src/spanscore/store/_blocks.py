"""Payloads: a row's fields as one text, and many such texts in a compressed block."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Final

import zstandard

from spanscore._json import JsonText

SLOTS: Final = 60
"""Payloads in a block: the dead ones are bits of SQLite's signed 64-bit number."""

# Valid JSON has no control characters but white space, so they can stand between texts.
_BETWEEN_PARTS: Final = "\x00"
_BETWEEN_PAYLOADS: Final = "\x01"
_LEVEL: Final = 1


def payload(fields: Mapping[str, JsonText]) -> str:
    """The fields as one text."""
    return _BETWEEN_PARTS.join(chain.from_iterable(fields.items()))


def fields_of(text: str) -> dict[str, JsonText]:
    """The fields that `payload` made a text of."""
    parts = iter(text.split(_BETWEEN_PARTS)) if text else iter(())
    return {name: JsonText(value) for name, value in zip(parts, parts, strict=True)}


def pack(payloads: Sequence[str]) -> bytes:
    """A block of at most SLOTS payloads."""
    return zstandard.ZstdCompressor(level=_LEVEL).compress(_BETWEEN_PAYLOADS.join(payloads).encode())


def unpack(block: bytes) -> list[str]:
    """The payloads of a block, by slot."""
    return zstandard.ZstdDecompressor().decompress(block).decode().split(_BETWEEN_PAYLOADS)


def without(block: bytes, dead: int) -> bytes:
    """The block with the payloads erased whose bits are set in `dead`; the others keep their slots."""
    return pack(["" if dead >> slot & 1 else text for slot, text in enumerate(unpack(block))])
