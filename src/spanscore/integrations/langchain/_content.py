"""The blocks of a message's content, in OpenAI's shape."""

from collections.abc import Mapping
from typing import Any, Final, cast

from spanscore.integrations._plain import fields_of, text

_CALLS: Final = frozenset({"tool_use", "tool_call", "function_call", "input_json_delta", "tool_call_chunk"})
"""Blocks that say again what stands in the message's tool calls."""

_AUDIO_FORMATS: Final = {"audio/mpeg": "mp3", "audio/mp3": "mp3", "audio/wav": "wav", "audio/x-wav": "wav"}


def content_of(content: Any) -> Any:
    """Text stays text; blocks become parts, each in OpenAI's shape where it has one, else as it is."""
    if not isinstance(content, list):
        return content
    parts = [_part(block) for block in cast("list[Any]", content)]
    return [part for part in parts if part is not None]


def answer_of(content: Any) -> Any:
    """The content of an answer: its text where it is nothing else, None where there is none, else parts."""
    parts = content_of(content)
    if not isinstance(parts, list):
        return parts or None
    texts = [_text_of(part) for part in cast("list[Any]", parts)]
    known = [found for found in texts if found is not None]
    return "".join(known) or None if len(known) == len(texts) else cast("Any", parts)


def _text_of(part: Any) -> str | None:
    fields = fields_of(part)
    found = fields.get("text") if fields.get("type") == "text" else None
    return found if isinstance(found, str) else None


def _part(block: Any) -> Any:
    if isinstance(block, str):
        return {"type": "text", "text": block}
    fields = fields_of(block)
    kind = fields.get("type")
    if kind in _CALLS:
        return None
    if kind in ("text", "text-plain") and isinstance(fields.get("text"), str):
        return {"type": "text", "text": fields["text"]}
    if kind in ("image", "audio", "file"):
        return _media(str(kind), fields) or block
    return block


def _media(kind: str, fields: Mapping[str, Any]) -> dict[str, Any] | None:
    """A medium in one of LangChain's shapes or in Anthropic's."""
    source = fields_of(fields.get("source"))
    data = text(fields.get("base64")) or text(fields.get("data")) or text(source.get("data"))
    mime = text(fields.get("mime_type")) or text(source.get("media_type"))
    url = text(fields.get("url")) or text(source.get("url"))
    inline = f"data:{mime};base64,{data}" if data and mime else None
    if kind == "image":
        address = inline or url
        return {"type": "image_url", "image_url": {"url": address}} if address else None
    if kind == "audio" and data and mime in _AUDIO_FORMATS:
        return {"type": "input_audio", "input_audio": {"data": data, "format": _AUDIO_FORMATS[mime]}}
    if inline is None:
        return None
    name = text(fields.get("filename")) or text(fields_of(fields.get("extras")).get("filename"))
    return {"type": "file", "file": {**({"filename": name} if name else {}), "file_data": inline}}
