"""The OpenTelemetry conventions for generative AI, in the words of the row."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from opentelemetry.sdk.trace import Event

from spanscore._json import from_json
from spanscore.store import _open_inference
from spanscore.store._attributes import Attributes, nested, parsed
from spanscore.store._messages import chat_messages, choices, function_tools, has_parts, system_message
from spanscore.wire.usage import usage_metrics

_TYPE_OF_OPERATION: Final = {
    "chat": "llm",
    "generate_content": "llm",
    "text_completion": "llm",
    "embeddings": "llm",
    "execute_tool": "tool",
    "invoke_agent": "task",
    "create_agent": "task",
    "invoke_workflow": "task",
    "retrieval": "function",
}

_TYPE_OF_ENTITY: Final = {"workflow": "task", "task": "task", "agent": "task", "tool": "tool"}
"""By OpenLLMetry's kinds of spans."""

_NAME_OF_PROVIDER: Final = {
    "aws.bedrock": "bedrock",
    "azure.ai.inference": "azure",
    "azure.ai.openai": "azure",
    "gcp.gemini": "google",
    "gcp.gen_ai": "google",
    "gcp.vertex_ai": "google",
    "mistral_ai": "mistral",
    "x_ai": "xai",
}
"""OpenTelemetry's names of providers that are called otherwise in metadata."""

_PROVIDER_PREFIXES: Final = frozenset(
    {
        *("anthropic", "aws.bedrock", "azure", "azure_ai", "azure_openai", "bedrock", "cohere", "deepseek"),
        *(
            "fireworks_ai",
            "gemini",
            "google",
            "groq",
            "mistral",
            "mistralai",
            "ollama",
            "openai",
            "openrouter",
        ),
        *("perplexity", "together_ai", "vertex_ai", "xai", "x-ai"),
    }
)

_METRIC_OF_USAGE: Final = {
    "input_tokens": "prompt_tokens",
    "prompt_tokens": "prompt_tokens",
    "output_tokens": "completion_tokens",
    "completion_tokens": "completion_tokens",
    "total_tokens": "tokens",
    "cache_read.input_tokens": "prompt_cached_tokens",
    "cache_read_input_tokens": "prompt_cached_tokens",
    "cached_input_tokens": "prompt_cached_tokens",
    "cache_creation.input_tokens": "prompt_cache_creation_tokens",
    "cache_creation_input_tokens": "prompt_cache_creation_tokens",
    "reasoning.output_tokens": "completion_reasoning_tokens",
    "reasoning_tokens": "completion_reasoning_tokens",
    "details.reasoning_tokens": "completion_reasoning_tokens",
    "details.cache_read_tokens": "prompt_cached_tokens",
    "details.cache_write_tokens": "prompt_cache_creation_tokens",
    "details.input_audio_tokens": "prompt_audio_tokens",
    "details.output_audio_tokens": "completion_audio_tokens",
}
_USAGE: Final = ("gen_ai.usage.", "gen_ai.aggregated_usage.")
_RAW_USAGE: Final = "gen_ai.usage.raw"
"""Logfire's: the usage as the provider has told it."""

_OTHER_METRICS: Final = {
    "gen_ai.response.time_to_first_chunk": "time_to_first_token",
    "operation.cost": "estimated_cost",
}

_ROLE_OF_EVENT: Final = {
    "gen_ai.system.message": "system",
    "gen_ai.user.message": "user",
    "gen_ai.tool.message": "tool",
    "gen_ai.assistant.message": "assistant",
}
_CHOICE: Final = "gen_ai.choice"
_NOT_IN_MESSAGES: Final = frozenset({"gen_ai.system", "gen_ai.provider.name"})

_BESIDE_MESSAGES: Final = {
    "input": (
        "gen_ai.tool.call.arguments",
        "gen_ai.retrieval.query.text",
        "traceloop.entity.input",
        "tool_arguments",
    ),
    "output": (
        "gen_ai.tool.call.result",
        "gen_ai.retrieval.documents",
        "traceloop.entity.output",
        "tool_response",
        "final_result",
    ),
}
"""What spans of tools, retrievals, agents and workflows have instead; the last ones are Pydantic AI's."""

_AGENTS_MESSAGES: Final = "pydantic_ai.all_messages"
_AGENTS_NEW: Final = "pydantic_ai.new_message_index"
_SAID_AGAIN: Final = (
    "gen_ai.input.messages",
    "gen_ai.output.messages",
    "gen_ai.system_instructions",
    "logfire.json_schema",
)
"""What is left of these says what the row has already, or how other attributes are encoded."""


def take_messages(attributes: Attributes, side: str, old: str) -> Any:
    """What was said on one side, "input" or "output"; None if nothing.

    Messages of `gen_ai.input.messages` or the older forms below `old`, in the shape of OpenAI's chats, else
    what a tool, a retrieval or an agent was given or gave.
    """
    told = _take_said(attributes, side, old)
    if told is None and _open_inference.is_told(attributes):
        return _open_inference.take_said(attributes, side)
    if side == "output":
        return choices(told) if has_parts(told) else told
    messages = chat_messages(told) if has_parts(told) else told
    if messages is not None and not isinstance(messages, list):
        return messages
    system = system_message(_decoded(attributes.take("gen_ai.system_instructions")))
    return cast("Any", messages if system is None else [system, *(messages or ())])


def _take_said(attributes: Attributes, side: str, old: str) -> Any:
    value = attributes.take(f"gen_ai.{side}.messages", old)
    if value is not None:
        return _decoded(value)
    text = attributes.take_json(f"{old}_json")
    if text is not None:
        return text
    flat = attributes.take_below(f"{old}.")
    if flat:
        return nested(flat)
    value = _decoded(attributes.take(*_BESIDE_MESSAGES[side]))
    return _take_asked_of_agent(attributes) if value is None and side == "input" else value


def _take_asked_of_agent(attributes: Attributes) -> Any:
    """The messages of an agent's run up to its first answer, later ones being on the spans below."""
    messages: Any = _decoded(attributes.take(_AGENTS_MESSAGES))
    new = attributes.take(_AGENTS_NEW)
    if not has_parts(messages):
        return None
    begins = new if isinstance(new, int) else 0
    roles: list[Any] = [message.get("role") for message in messages]
    answered = (place for place, role in enumerate(roles) if role == "assistant" and place >= begins)
    return messages[: next(answered, len(roles))]


def take_request(attributes: Attributes) -> dict[str, Any]:
    """Metadata: provider and model, the parameters of the request, and the tools."""
    metadata = _open_inference.take_request(attributes) if _open_inference.is_told(attributes) else {}
    requested = attributes.take_below("gen_ai.request.")
    metadata.update({key: _decoded(value) for key, value in requested.items()})
    if "stop_sequences" in metadata:
        metadata["stop"] = metadata.pop("stop_sequences")
    answered_by = attributes.take("gen_ai.response.model")
    if isinstance(model := answered_by or metadata.get("model"), str):
        prefix, slash, name = model.partition("/")
        metadata["model"] = name if slash and name and prefix.lower() in _PROVIDER_PREFIXES else model
    provider = attributes.take("gen_ai.provider.name", "gen_ai.system")
    if isinstance(provider, str):
        metadata["provider"] = _NAME_OF_PROVIDER.get(provider, provider)
        attributes.take("gen_ai.system")
    tools = attributes.take("gen_ai.tool.definitions", "gen_ai.agent.tools")
    if tools is not None:
        metadata["tools"] = function_tools(_decoded(tools))
    for name in _SAID_AGAIN:
        attributes.take(name)
    return metadata


def take_type(attributes: Attributes) -> tuple[str | None, dict[str, Any]]:
    """The span type that the operation or a tool's name tells, and metadata that comes with it."""
    operation = attributes.left.get("gen_ai.operation.name")
    known = _TYPE_OF_OPERATION.get(operation) if isinstance(operation, str) else None
    if known is not None:
        attributes.take("gen_ai.operation.name")
    name = attributes.take("gen_ai.tool.name")
    if name is None:
        return known or _type_of_entity(attributes) or _open_inference.type_of(attributes), {}
    return "tool", {"tools": [{"type": "function", "function": {"name": name}}]}


def _type_of_entity(attributes: Attributes) -> str | None:
    kind = attributes.left.get("traceloop.span.kind")
    return _TYPE_OF_ENTITY.get(kind) if isinstance(kind, str) else None


def take_usage(attributes: Attributes) -> dict[str, Any]:
    """Metrics under their canonical names; the total is the sum where not given. Only numbers are taken."""
    metrics: dict[str, Any] = {}
    for key, value in dict(attributes.left).items():
        suffix = next((key.removeprefix(prefix) for prefix in _USAGE if key.startswith(prefix)), None)
        if suffix is not None and isinstance(value, int | float) and not isinstance(value, bool):
            metrics.setdefault(_METRIC_OF_USAGE.get(suffix, suffix), attributes.take(key))
    for name, count in usage_metrics(_decoded(attributes.take(_RAW_USAGE))).items():
        metrics.setdefault(name, count)
    for name, count in _open_inference.take_usage(attributes).items():
        metrics.setdefault(name, count)
    if "tokens" not in metrics and "prompt_tokens" in metrics and "completion_tokens" in metrics:
        metrics["tokens"] = metrics["prompt_tokens"] + metrics["completion_tokens"]
    for key, name in _OTHER_METRICS.items():
        value = attributes.left.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            metrics[name] = attributes.take(key)
    return metrics


def has_messages(events: Sequence[Event]) -> bool:
    """Whether one of the events is a message."""
    return bool(events) and any(event.name in _ROLE_OF_EVENT or event.name == _CHOICE for event in events)


def event_messages(events: Sequence[Event]) -> tuple[list[Any], list[Any]]:
    """Messages that stand in events: those of the input, those of the output."""
    inputs: list[Any] = []
    outputs: list[Any] = []
    for event in events:
        if event.name == _CHOICE:
            outputs.append(_content(event.attributes))
        elif (role := _ROLE_OF_EVENT.get(event.name)) is not None:
            message = {"role": role, **_content(event.attributes)}
            (outputs if role == "assistant" else inputs).append(message)
    return inputs, outputs


def _content(attributes: Mapping[str, Any] | None) -> dict[str, Any]:
    return {
        key: _decoded(value) if key != "content" else value
        for key, value in (attributes or {}).items()
        if key not in _NOT_IN_MESSAGES
    }


def _decoded(value: Any) -> Any:
    """A list or object that stands in the value as JSON text, else the value."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        text = parsed(value)
        return value if text is None else from_json(text)
    return value
