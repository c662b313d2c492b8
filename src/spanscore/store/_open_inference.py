"""OpenInference's attributes, which many write instead of OpenTelemetry's, in the words of the row."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from spanscore._json import from_json
from spanscore.store._attributes import Attributes, nested, parsed

_KIND: Final = "openinference.span.kind"
_TYPE_OF_KIND: Final = {
    "LLM": "llm",
    "EMBEDDING": "llm",
    "CHAIN": "task",
    "AGENT": "task",
    "TOOL": "tool",
    "RETRIEVER": "function",
    "RERANKER": "function",
    "GUARDRAIL": "function",
    "PROMPT": "function",
}

_METRIC_OF: Final = {
    "llm.token_count.prompt": "prompt_tokens",
    "llm.token_count.completion": "completion_tokens",
    "llm.token_count.total": "tokens",
    "llm.token_count.prompt_details.cache_read": "prompt_cached_tokens",
    "llm.token_count.prompt_details.cache_write": "prompt_cache_creation_tokens",
    "llm.token_count.prompt_details.audio": "prompt_audio_tokens",
    "llm.token_count.completion_details.reasoning": "completion_reasoning_tokens",
    "llm.token_count.completion_details.audio": "completion_audio_tokens",
    "llm.cost.total": "estimated_cost",
}

_LISTED: Final = (
    "temperature",
    "top_p",
    "max_tokens",
    "frequency_penalty",
    "presence_penalty",
    "stop",
    "response_format",
    "tool_choice",
    "parallel_tool_calls",
)


def is_told(attributes: Attributes) -> bool:
    """Whether the span is one of theirs."""
    return _KIND in attributes.left


def type_of(attributes: Attributes) -> str | None:
    """The span type; None for kinds that have none."""
    kind = attributes.left.get(_KIND)
    return _TYPE_OF_KIND.get(kind) if isinstance(kind, str) else None


def take_said(attributes: Attributes, side: str) -> Any:
    """What was said on one side, "input" or "output": messages, documents, or the value as it stands."""
    value = attributes.take(f"{side}.value")
    mime = attributes.take(f"{side}.mime_type")
    messages = _listed(attributes.take_below(f"llm.{side}_messages."), "message")
    if messages:
        told = [_message(message) for message in messages]
        return told if side == "input" else _choices(told, attributes.take("llm.finish_reason"))
    if side == "output":
        documents = _listed(attributes.take_below("retrieval.documents."), "document")
        if documents:
            return documents
    return _decoded(value) if mime == "application/json" else value


def take_request(attributes: Attributes) -> dict[str, Any]:
    """Metadata: provider and model, the parameters of the request, and the tools."""
    if type_of(attributes) is not None:
        attributes.take(_KIND)
    metadata: dict[str, Any] = {}
    given = _fields(_decoded(attributes.take("llm.invocation_parameters")))
    metadata.update({name: given[name] for name in _LISTED if given.get(name) is not None})
    for name, keys in (("model", ("llm.model_name",)), ("provider", ("llm.provider", "llm.system"))):
        value = attributes.take(*keys)
        if value is not None:
            metadata[name] = value
    tools = _listed(attributes.take_below("llm.tools."), "tool")
    if tools:
        metadata["tools"] = [_decoded(_fields(tool).get("json_schema", tool)) for tool in tools]
    said = _fields(_decoded(attributes.left.get("metadata")))
    if said:
        attributes.take("metadata")
        metadata.update(said)
    return metadata


def take_usage(attributes: Attributes) -> dict[str, Any]:
    """Metrics under their canonical names."""
    found = {name: value for key, name in _METRIC_OF.items() if _is_number(value := attributes.left.get(key))}
    for key, name in _METRIC_OF.items():
        if name in found:
            attributes.take(key)
    return found


def _message(message: Any) -> dict[str, Any]:
    fields = _fields(message)
    told: dict[str, Any] = {"role": fields.get("role"), "content": fields.get("content")}
    parts = _unwrapped(fields.get("contents"), "message_content")
    if parts:
        told["content"] = [_part(part) for part in parts]
    calls = _unwrapped(fields.get("tool_calls"), "tool_call")
    if calls:
        told["tool_calls"] = [{"id": None, "type": "function", **_fields(call)} for call in calls]
    for name in ("name", "tool_call_id"):
        if fields.get(name) is not None:
            told[name] = fields[name]
    return told


def _part(part: Any) -> Any:
    fields = _fields(part)
    url = _fields(_fields(fields.get("image")).get("image")).get("url")
    return {"type": "image_url", "image_url": {"url": url}} if isinstance(url, str) else part


def _choices(messages: Sequence[Any], reason: Any) -> list[dict[str, Any]]:
    return [
        {"index": index, "finish_reason": reason, "message": message}
        for index, message in enumerate(messages)
    ]


def _listed(flat: Mapping[str, Any], name: str) -> list[Any]:
    """The items of a flattened list, each of which stands below a name of its own."""
    return _unwrapped(nested(flat), name) if flat else []


def _unwrapped(items: Any, name: str) -> list[Any]:
    if not isinstance(items, list):
        return []
    return [_fields(item).get(name, item) for item in cast("list[Any]", items)]


def _decoded(value: Any) -> Any:
    text = parsed(value)
    return value if text is None else from_json(text)


def _fields(value: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
