"""One piece of media as it stands in JSON."""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, cast

Node: TypeAlias = Any
"""An object, an array or a text of JSON."""

LEAST: Final = 20
"""Fewer characters of base64 are left where they are."""

LOOKS_ENCODED: Final = re.compile(rf"[A-Za-z0-9+/_-]{{{LEAST}}}")
_ALPHABET: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"
_STANDARD: Final = bytes.maketrans(b"-_", b"+/")
_HEAD: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """Media that stand in JSON as base64: in `text`, from `start` to its end.

    `put` makes of a reference what takes the place of the node in which they were found.
    """

    text: str
    start: int = 0
    content_type: str
    filename: str
    put: Callable[[dict[str, str]], Node]

    @property
    def is_decodable(self) -> bool:
        """Whether `content` would be bytes; made without making them."""
        data = _encoded(self.text, self.start).rstrip(b"=")
        return len(data) % 4 != 1 and not data.translate(None, _ALPHABET)

    def content(self) -> bytes | None:
        """The bytes; None if the text is no base64. Both alphabets are read, and what has no padding."""
        data = _encoded(self.text, self.start).translate(_STANDARD)
        try:
            return base64.b64decode(data + b"=" * (-len(data) % 4), validate=True)
        except ValueError:
            return None


def as_object(node: Node) -> dict[str, Any] | None:
    """The node if it is an object."""
    return cast("dict[str, Any]", node) if type(node) is dict else None


def beginning(text: str) -> bytes | None:
    """The first bytes of what a text has as base64; None if it does not begin like it."""
    if not LOOKS_ENCODED.match(text):
        return None
    head = _encoded(text[:_HEAD], 0).translate(_STANDARD).rstrip(b"=")
    try:
        return base64.b64decode(head[: len(head) // 4 * 4], validate=True)
    except ValueError:
        return None


def placed(node: dict[str, Any], *path: str) -> Callable[[dict[str, str]], Node]:
    """What makes a copy of an object with a reference at that path."""
    return lambda reference: _with(node, path, reference)


def _with(node: dict[str, Any], path: tuple[str, ...], reference: dict[str, str]) -> Node:
    key, *rest = path
    return {**node, key: _with(node[key], tuple(rest), reference) if rest else reference}


def _encoded(text: str, start: int) -> bytes:
    # What is not ASCII becomes a question mark, which no base64 has.
    return (text[start:] if start else text).encode("ascii", "replace")
