"""Plain data: what the careful path turns every value into before it is written."""

from typing import Any, Final, TypeAlias

import orjson

Plain: TypeAlias = Any
"""None, bool, 64-bit int, float, str without lone surrogates, Fragment, Gap; lists and dicts of these."""

GAP_KEY: Final = "[spanscore]"
"""The key under which an object says how many of its keys were left out."""


class Gap:
    """The place of items that were left out; written as a string that says how many.

    `blob` are the bytes where it stands for bytes: they may be media, and be wanted after all.
    """

    __slots__ = ("blob", "count", "text")

    def __init__(self, count: int | None, noun: str) -> None:
        self.blob: bytes | None = None
        self.count = count
        self.text = f"[spanscore: {'more' if count is None else format(count, ',')} {noun} cut]"


def gap_of_bytes(value: Any) -> Gap:
    """What stands for a long byte string."""
    gap = Gap(1, "bytes")
    gap.blob = value
    gap.text = f"[spanscore: {memoryview(value).nbytes:,} bytes]"
    return gap


def utf8(text: str) -> str:
    """`text` as an exact str that UTF-8 can carry: a lone surrogate becomes its escape, as text."""
    exact = str.__str__(text)
    if exact.isascii():
        return exact
    try:
        exact.encode()
    except UnicodeEncodeError:
        return exact.encode("utf-8", "backslashreplace").decode()
    return exact


def dump(plain: Plain) -> bytes:
    """Plain data as JSON."""
    return orjson.dumps(plain, default=_gap_text)


def _gap_text(gap: Gap) -> str:
    return gap.text
