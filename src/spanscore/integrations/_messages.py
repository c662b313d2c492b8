"""Messages of every provider's shape in the one that OpenTelemetry's conventions for generative AI define.

Source: the JSON schemas of `gen_ai.input.messages` and `gen_ai.output.messages` in the semantic conventions.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, cast

from spanscore._json import from_json
from spanscore.integrations._plain import fields_of, text

Part = dict[str, Any]
Message = dict[str, Any]

_TEXTS: Final = frozenset({"text", "input_text", "output_text"})
_GOOGLE_ROLES: Final = {"model": "assistant"}


def input_messages(value: Any) -> list[Message]:
    """The messages that an input consists of: a text, a list of messages or items, or Google's contents."""
    contents = fields_of(value).get("contents")
    given = value if contents is None else contents
    return [_message(item, default="user") for item in _items(given)]


def output_messages(value: Any) -> list[Message]:
    """The messages that an output consists of, each with its `finish_reason` where one is told."""
    candidates = fields_of(value).get("candidates")
    return [_answer(item) for item in _items(value if candidates is None else candidates)]


def _answer(item: Any) -> Message:
    fields = fields_of(item)
    inner = fields.get("message", item)
    if isinstance(fields.get("content"), Mapping):
        inner = fields["content"]
    message = _message(inner, default="assistant")
    reason = next((found for name in _REASONS if (found := text(fields.get(name)))), None)
    return message if reason is None else {**message, "finish_reason": reason}


_REASONS: Final = ("finish_reason", "finishReason", "stop_reason", "stopReason")


def _message(item: Any, *, default: str) -> Message:
    if isinstance(item, str):
        return {"role": default, "parts": [_text(item)]}
    fields = fields_of(item)
    role = text(fields.get("role"))
    if role is None:
        # An item of the Responses API that is no message is one part of what its side says.
        return {"role": default, "parts": [_part(item)]}
    if role == "tool":
        response = {"type": "tool_call_response", "id": fields.get("tool_call_id")}
        return {"role": role, "parts": [{**response, "response": fields.get("content")}]}
    content = fields.get("content", fields.get("parts"))
    parts = [_part(part) for part in _items(content)]
    parts += [_part(call) for call in _items(fields.get("tool_calls"))]
    return {"role": _GOOGLE_ROLES.get(role, role), "parts": parts}


def _part(part: Any) -> Part:
    if isinstance(part, str):
        return _text(part)
    fields = fields_of(part)
    kind = text(fields.get("type"))
    if kind in _TEXTS or (kind is None and isinstance(fields.get("text"), str)):
        return _text(fields.get("text"))
    # The key first: Bedrock's parts have a type that other providers' parts of another shape have too.
    read = next((_KEYED[key] for key in _KEYED if key in fields), None) or _PARTS.get(kind or "")
    return read(fields) if read is not None else {"type": kind or "unknown", **fields}


def _text(content: Any) -> Part:
    return {"type": "text", "content": content}


def _call(name: Any, arguments: Any, identity: Any) -> Part:
    part: Part = {"type": "tool_call", "name": name, "arguments": _decoded(arguments)}
    return part if identity is None else {**part, "id": identity}


def _response(response: Any, identity: Any) -> Part:
    part: Part = {"type": "tool_call_response", "response": response}
    return part if identity is None else {**part, "id": identity}


def _function(part: Mapping[str, Any]) -> Part:
    function = fields_of(part.get("function"))
    return _call(function.get("name"), function.get("arguments"), part.get("id"))


def _reasoning(part: Mapping[str, Any]) -> Part:
    if isinstance(part.get("thinking"), str):
        return {"type": "reasoning", "content": part["thinking"]}
    told = [fields_of(item).get("text") for item in _items(part.get("summary") or part.get("content"))]
    return {"type": "reasoning", "content": "\n".join(item for item in told if isinstance(item, str))}


_PARTS: Final[Mapping[str, Callable[[Mapping[str, Any]], Part]]] = {
    "function": _function,
    "function_call": lambda part: _call(part.get("name"), part.get("arguments"), part.get("call_id")),
    "function_call_output": lambda part: _response(part.get("output"), part.get("call_id")),
    "tool_use": lambda part: _call(part.get("name"), part.get("input"), part.get("id")),
    "tool_result": lambda part: _response(part.get("content"), part.get("tool_use_id")),
    "thinking": _reasoning,
    "reasoning": _reasoning,
}
"""What a part with this `type` becomes."""

_KEYED: Final[Mapping[str, Callable[[Mapping[str, Any]], Part]]] = {
    "toolUse": lambda part: _PARTS["tool_use"](_renamed(part["toolUse"])),
    "toolResult": lambda part: _PARTS["tool_result"](_renamed(part["toolResult"])),
    "reasoningContent": lambda part: _bedrock_reasoning(part["reasoningContent"]),
    "function_call": lambda part: _google_call(part["function_call"]),
    "functionCall": lambda part: _google_call(part["functionCall"]),
    "function_response": lambda part: _google_response(part["function_response"]),
    "functionResponse": lambda part: _google_response(part["functionResponse"]),
}
"""What a part becomes that has this key."""


def _bedrock_reasoning(content: Any) -> Part:
    told = text(fields_of(fields_of(content).get("reasoningText")).get("text"))
    return {"type": "reasoning", "content": told or ""}


def _renamed(fields: Any) -> Mapping[str, Any]:
    given = fields_of(fields)
    return {**given, "id": given.get("toolUseId"), "tool_use_id": given.get("toolUseId")}


def _google_call(call: Any) -> Part:
    fields = fields_of(call)
    return _call(fields.get("name"), fields.get("args"), fields.get("id"))


def _google_response(response: Any) -> Part:
    fields = fields_of(response)
    return _response(fields.get("response"), fields.get("id"))


def _decoded(arguments: Any) -> Any:
    """The arguments that stand in JSON text; the text where it is none."""
    if not isinstance(arguments, str):
        return arguments
    try:
        return from_json(arguments)
    except ValueError:
        return arguments


def _items(value: Any) -> Sequence[Any]:
    if value is None:
        return ()
    return cast("Sequence[Any]", value) if isinstance(value, list | tuple) else [value]
