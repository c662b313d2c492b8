"""Media as Anthropic's messages have them: in a source that says that it is base64."""

from spanscore.attachments._media_types import filename_for, known
from spanscore.attachments._medium import LOOKS_ENCODED, Medium, Node, as_object


def match(key: str | None, node: Node) -> Medium | None:
    """The media of a `source`, the whole of which becomes the reference."""
    source = as_object(node) if key == "source" else None
    if source is None or source.get("type") != "base64":
        return None
    text, content_type = source.get("data"), known(source.get("media_type"))
    if not content_type or type(text) is not str or not LOOKS_ENCODED.match(text):
        return None
    return Medium(text=text, content_type=content_type, filename=filename_for(content_type), put=dict)
