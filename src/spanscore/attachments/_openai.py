"""Media as OpenAI's requests and answers have them, beside whole data URIs."""

from dataclasses import replace
from typing import Any, Final

from spanscore.attachments._data_uri import from_uri
from spanscore.attachments._media_types import filename_for, known, told_by
from spanscore.attachments._medium import LOOKS_ENCODED, Medium, Node, as_object, beginning, placed

_AUDIO: Final = {
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "flac": "audio/flac",
    "opus": "audio/opus",
    "aac": "audio/aac",
    "ogg": "audio/ogg",
    "pcm16": "audio/pcm",
}
_SPOKEN: Final = frozenset({"id", "transcript", "expires_at"})
"""What stands beside the sound in an answer of a model that speaks."""


def match(key: str | None, node: Node) -> Medium | None:
    """The media of an object of one of OpenAI's shapes."""
    value = as_object(node)
    if value is None:
        return None
    if type(value.get("file_data")) is str:
        return _file(value)
    if key == "input_audio":
        return _encoded(value, "data", _AUDIO.get(str(value.get("format"))))
    if key == "audio" and not _SPOKEN.isdisjoint(value):
        return _told(value, "data")
    if value.get("type") == "image_generation_call":
        return _image(value, "result")
    return _image(value, "b64_json") if "b64_json" in value else None


def _file(node: dict[str, Any]) -> Medium | None:
    """A file of a chat message or of a response: a data URI with its name beside it."""
    found = from_uri(node["file_data"], filename=node.get("filename"))
    return found and replace(found, put=placed(node, "file_data"))


def _image(node: dict[str, Any], field: str) -> Medium | None:
    """A generated image, of the format that is told beside it or by its first bytes."""
    content_type = known(f"image/{node.get('output_format')}")
    return _encoded(node, field, content_type) if content_type else _told(node, field)


def _told(node: dict[str, Any], field: str) -> Medium | None:
    text = node.get(field)
    head = beginning(text) if type(text) is str else None
    return _encoded(node, field, head and told_by(head))


def _encoded(node: dict[str, Any], field: str, content_type: str | bytes | None) -> Medium | None:
    text = node.get(field)
    if not isinstance(content_type, str) or type(text) is not str or not LOOKS_ENCODED.match(text):
        return None
    return Medium(
        text=text, content_type=content_type, filename=filename_for(content_type), put=placed(node, field)
    )
