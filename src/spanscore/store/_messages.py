"""Messages in the shape of OpenTelemetry's conventions, told in that of OpenAI's chats.

There a message has a role and parts: `{"role": "user", "parts": [{"type": "text", "content": "hi"}]}`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeGuard, cast

from spanscore._json import to_json
from spanscore.store._attributes import UNBOUNDED

_FINISH_REASONS: Final = {"tool_call": "tool_calls"}
"""Reasons that OpenAI calls otherwise."""

_RESPONSES: Final = ("tool_call_response", "tool_response")
_REASONING: Final = ("reasoning", "thinking")


def has_parts(messages: Any) -> TypeGuard[list[dict[str, Any]]]:
    """Whether it is a list of messages of that shape."""
    items = _items(messages)
    return bool(items) and all(isinstance(_fields(item).get("parts"), list) for item in items)


def chat_messages(messages: Any) -> list[Any]:
    """The messages of an input; each answer of a tool is a message of its own."""
    return [told for message in _items(messages) for told in _messages(_fields(message))]


def choices(messages: Any) -> list[Any]:
    """The messages of an output, one a choice."""
    return [_choice(index, _fields(message)) for index, message in enumerate(_items(messages))]


def system_message(instructions: Any) -> dict[str, Any] | None:
    """The message that instructions are: a text, or a list of parts."""
    content = instructions if isinstance(instructions, str) else _content(_items(instructions))
    return {"role": "system", "content": content} if content else None


def function_tools(tools: Any) -> Any:
    """Definitions of tools, functions among them a level deeper; what is no list stays as it is."""
    return [_tool(tool) for tool in _items(tools)] if isinstance(tools, list) else tools


def _messages(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    parts = _items(message.get("parts"))
    responses = [_response(_fields(part)) for part in parts if _fields(part).get("type") in _RESPONSES]
    others = [part for part in parts if _fields(part).get("type") not in _RESPONSES]
    return responses if responses and not others else [*responses, _message(message, others)]


def _choice(index: int, message: Mapping[str, Any]) -> dict[str, Any]:
    reason = message.get("finish_reason")
    told = _message(message, _items(message.get("parts")))
    return {"index": index, "finish_reason": _FINISH_REASONS.get(str(reason), reason), "message": told}


def _message(message: Mapping[str, Any], parts: Sequence[Any]) -> dict[str, Any]:
    calls = [_tool_call(_fields(part)) for part in parts if _fields(part).get("type") == "tool_call"]
    thoughts = [_fields(part).get("content") for part in parts if _fields(part).get("type") in _REASONING]
    said = [part for part in parts if _fields(part).get("type") not in ("tool_call", *_REASONING)]
    told: dict[str, Any] = {"role": message.get("role"), "content": _content(said)}
    if name := message.get("name"):
        told["name"] = name
    if thoughts:
        told["reasoning"] = "".join(thought for thought in thoughts if isinstance(thought, str))
    return {**told, "tool_calls": calls} if calls else told


def _content(parts: Sequence[Any]) -> Any:
    """Text where all of it is, None where there is nothing."""
    texts = [_text(part) for part in parts]
    known = [text for text in texts if text is not None]
    if len(known) == len(texts):
        return "".join(known) if known else None
    return [_part(part) for part in parts]


def _text(part: Any) -> str | None:
    if isinstance(part, str):
        return part
    content = _fields(part).get("content")
    return content if _fields(part).get("type") == "text" and isinstance(content, str) else None


def _part(part: Any) -> Any:
    text = _text(part)
    if text is not None:
        return {"type": "text", "text": text}
    fields = _fields(part)
    mime = fields.get("mime_type") or fields.get("media_type")
    url = fields.get("uri") or fields.get("url")
    if url is None and isinstance(mime, str) and isinstance(fields.get("content"), str):
        url = f"data:{mime};base64,{fields['content']}"
    kind = str(fields.get("modality") or fields.get("type"))
    is_image = "image" in kind or (isinstance(mime, str) and mime.startswith("image/"))
    if not isinstance(url, str):
        return part
    if is_image:
        return {"type": "image_url", "image_url": {"url": url}}
    return {"type": "file", "file": {"file_data": url}}


def _tool_call(part: Mapping[str, Any]) -> dict[str, Any]:
    function = {"name": part.get("name"), "arguments": _encoded(part.get("arguments"), empty="{}")}
    return {"id": part.get("id"), "type": "function", "function": function}


def _response(part: Mapping[str, Any]) -> dict[str, Any]:
    """The answer of a tool, which some tell as its result."""
    answer = part.get("response", part.get("result"))
    return {"role": "tool", "tool_call_id": part.get("id"), "content": _encoded(answer, empty="")}


def _encoded(value: Any, *, empty: str) -> str:
    if isinstance(value, str):
        return value
    return empty if value is None else str(to_json(value, max_bytes=UNBOUNDED, redact=False))


def _tool(tool: Any) -> Any:
    fields = _fields(tool)
    if fields.get("type") != "function" or "function" in fields or "name" not in fields:
        return tool
    function = {key: value for key, value in fields.items() if key != "type" and value is not None}
    return {"type": "function", "function": function}


def _fields(value: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def _items(value: Any) -> Sequence[Any]:
    return cast("Sequence[Any]", value) if isinstance(value, list) else ()
