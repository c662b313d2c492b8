"""Media as Google's Gemini has them: inline data in a part, in the spelling of Python or of JSON."""

from collections.abc import Callable
from typing import Any, Final

from spanscore.attachments._media_types import filename_for, known
from spanscore.attachments._medium import LOOKS_ENCODED, Medium, Node, as_object

_SPELLINGS: Final = (
    ("inline_data", "mime_type", "display_name"),
    ("inlineData", "mimeType", "displayName"),
)


def match(_key: str | None, node: Node) -> Medium | None:
    """The media of a part, which becomes an image or a file in OpenAI's shape."""
    part = as_object(node)
    if part is None:
        return None
    for field, kind, name in _SPELLINGS:
        inline = as_object(part.get(field)) or {}
        content_type, text = known(inline.get(kind)), inline.get("data")
        if content_type and type(text) is str and LOOKS_ENCODED.match(text):
            filename = filename_for(content_type, inline.get(name))
            put = _part(part, field, is_image=content_type.lower().startswith("image/"))
            return Medium(text=text, content_type=content_type, filename=filename, put=put)
    return None


def _part(node: dict[str, Any], field: str, *, is_image: bool) -> Callable[[dict[str, str]], Node]:
    rest = {key: value for key, value in node.items() if key != field}

    def put(reference: dict[str, str]) -> Node:
        found = {"image_url": {"url": reference}} if is_image else {"file": {"file_data": reference}}
        return {**rest, **found}

    return put
