"""Texts that are a data URI as a whole, wherever they stand: so OpenAI has images and files."""

import re
from typing import Any, Final

from spanscore.attachments._media_types import filename_for, known
from spanscore.attachments._medium import LEAST, Medium, Node

_URI: Final = re.compile(
    r"data:([\w.+-]{1,64}/[\w.+-]{1,96}(?:;[^;,\s]{1,64}){0,4}?);base64,"
    rf"(?=[A-Za-z0-9+/_-]{{{LEAST}}})",
    re.IGNORECASE,
)


def match(_key: str | None, node: Node) -> Medium | None:
    """The media of a text that is a data URI of a known kind."""
    return from_uri(node) if type(node) is str else None


def from_uri(text: str, *, filename: object = None) -> Medium | None:
    """The media of a data URI; `filename` is the name that stands beside it."""
    found = _URI.match(text)
    content_type = found and known(found[1])
    if not found or not content_type:
        return None
    return Medium(
        text=text,
        start=found.end(),
        content_type=content_type,
        filename=filename_for(content_type, filename),
        put=_itself,
    )


def _itself(reference: dict[str, str]) -> Any:
    return reference
