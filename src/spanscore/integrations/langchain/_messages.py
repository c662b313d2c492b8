"""LangChain's messages in OpenAI's shape."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from langchain_core.messages import BaseMessage

from spanscore._json import to_json
from spanscore.integrations._plain import fields_of, text
from spanscore.integrations.langchain._content import answer_of, content_of

_ROLES: Final = {
    "ai": "assistant",
    "AIMessageChunk": "assistant",
    "function": "function",
    "human": "user",
    "HumanMessageChunk": "user",
    "system": "system",
    "SystemMessageChunk": "system",
    "tool": "tool",
    "ToolMessageChunk": "tool",
}


def messages_of(messages: Any) -> list[Any]:
    """The messages of a request."""
    return [message_of(message) for message in _items(messages)]


def message_of(message: Any) -> Any:
    """One message; what is none stays as it is."""
    if not isinstance(message, BaseMessage):
        return message
    role = _role(message)
    content: Any = cast("Any", message).content
    told: dict[str, Any] = {
        "role": role,
        "content": answer_of(content) if role == "assistant" else content_of(content),
    }
    if name := text(message.name):
        told["name"] = name
    if call_id := text(getattr(message, "tool_call_id", None)):
        told["tool_call_id"] = call_id
    more = fields_of(message.additional_kwargs)
    for key in ("refusal", "audio", "function_call", "reasoning_content"):
        if more.get(key):
            told[key] = more[key]
    if calls := _tool_calls(message, more):
        told["tool_calls"] = calls
    return told


def _role(message: BaseMessage) -> str:
    given = text(message.additional_kwargs.get("__openai_role__")) or text(getattr(message, "role", None))
    return given or _ROLES.get(message.type, message.type)


def _tool_calls(message: BaseMessage, more: Mapping[str, Any]) -> Sequence[Any]:
    """As the provider sent them, where LangChain has kept that, else made from what it has read."""
    sent = _items(more.get("tool_calls"))
    if sent and all(fields_of(fields_of(call).get("function")) for call in sent):
        return [{key: value for key, value in fields_of(call).items() if key != "index"} for call in sent]
    read: Any = getattr(message, "tool_calls", None)
    malformed: Any = getattr(message, "invalid_tool_calls", None)
    return [_tool_call(fields_of(call)) for call in (*_items(read), *_items(malformed))]


def _tool_call(call: Mapping[str, Any]) -> dict[str, Any]:
    arguments = call.get("args")
    encoded = (
        arguments if isinstance(arguments, str) else str(to_json({} if arguments is None else arguments))
    )
    function = {"name": call.get("name"), "arguments": encoded}
    return {"id": call.get("id"), "type": "function", "function": function}


def _items(value: Any) -> Sequence[Any]:
    return cast("Sequence[Any]", value) if isinstance(value, list | tuple) else ()
