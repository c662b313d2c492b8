"""Media out of JSON text: kept elsewhere, with a reference in their place, or set aside for a while."""

import os
from collections.abc import Callable
from typing import Any, Final

from spanscore._json import JsonText, from_json, to_json
from spanscore.attachments._medium import Medium, Node
from spanscore.attachments._search import find_media, may_hold_media, replaced
from spanscore.wire.attachments import Reference

_UNBOUNDED: Final = 1 << 40


def converted(text: str, keep: Callable[[bytes], str]) -> JsonText | None:
    """JSON text with references in the place of its media; None if it has none.

    `keep` is given the bytes of each and returns their key; what it raises is raised. What is no JSON, of no
    known kind, or not to be decoded stays as it is.
    """

    def reference(medium: Medium, _node: Node) -> dict[str, Any] | None:
        content = medium.content()
        if content is None:
            return None
        found = Reference(key=keep(content), filename=medium.filename, content_type=medium.content_type)
        return medium.put(found.as_json())

    value = _parsed(text)
    new = replaced(value, reference)
    return None if new is value else to_json(new, max_bytes=_UNBOUNDED, redact=False)


def set_aside(text: str) -> tuple[str, dict[str, str]]:
    """JSON text with a short token in the place of each piece of media, and what the tokens stand for."""
    found = dict.fromkeys(medium for _, medium in find_media(_parsed(text)))
    mark = os.urandom(8).hex()
    tokens = {f"[media {mark} {number}]": medium for number, medium in enumerate(found)}
    for token, medium in tokens.items():
        # As it stands there: JSON need not escape anything of it.
        text = text.replace(medium, token)
    return text, tokens


def put_back(text: str, tokens: dict[str, str]) -> str:
    """The text with the media again that `set_aside` took out."""
    for token, medium in tokens.items():
        text = text.replace(token, medium)
    return text


def _parsed(text: str) -> Any:
    if not may_hold_media(text):
        return None
    try:
        return from_json(text)
    except ValueError:
        return None
