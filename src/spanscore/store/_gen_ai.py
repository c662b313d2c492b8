"""The OpenTelemetry conventions for generative AI, in the words of the row."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from opentelemetry.sdk.trace import Event

from spanscore._json import from_json
from spanscore.store._attributes import Attributes, nested, parsed

_TYPE_OF_OPERATION: Final = {
    "chat": "llm",
    "generate_content": "llm",
    "text_completion": "llm",
    "embeddings": "llm",
    "execute_tool": "tool",
}

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
}

_ROLE_OF_EVENT: Final = {
    "gen_ai.system.message": "system",
    "gen_ai.user.message": "user",
    "gen_ai.tool.message": "tool",
    "gen_ai.assistant.message": "assistant",
}
_CHOICE: Final = "gen_ai.choice"
_NOT_IN_MESSAGES: Final = frozenset({"gen_ai.system", "gen_ai.provider.name"})


def take_messages(attributes: Attributes, side: str, old: str) -> Any:
    """Messages of one side, `gen_ai.input.messages` or its older forms below `old`; None if none."""
    value = attributes.take(f"gen_ai.{side}.messages", old)
    if value is not None:
        return _decoded(value)
    text = attributes.take_json(f"{old}_json")
    if text is not None:
        return text
    flat = attributes.take_below(f"{old}.")
    return nested(flat) if flat else None


def take_request(attributes: Attributes) -> dict[str, Any]:
    """Metadata: the parameters of the request, and the tools."""
    metadata = {key: _decoded(value) for key, value in attributes.take_below("gen_ai.request.").items()}
    if isinstance(model := metadata.get("model"), str):
        prefix, slash, name = model.partition("/")
        metadata["model"] = name if slash and name and prefix.lower() in _PROVIDER_PREFIXES else model
    tools = attributes.take("gen_ai.agent.tools")
    if tools is not None:
        metadata["tools"] = _decoded(tools)
    return metadata


def take_type(attributes: Attributes) -> tuple[str | None, dict[str, Any]]:
    """The span type that the operation or a tool's name tells, and metadata that comes with it."""
    operation = attributes.left.get("gen_ai.operation.name")
    known = _TYPE_OF_OPERATION.get(operation) if isinstance(operation, str) else None
    if known is not None:
        attributes.take("gen_ai.operation.name")
    name = attributes.take("gen_ai.tool.name")
    if name is None:
        return known, {}
    return "tool", {"tools": [{"type": "function", "function": {"name": name}}]}


def take_usage(attributes: Attributes) -> dict[str, Any]:
    """Metrics under their canonical names; the total is the sum where not given. Only numbers are taken."""
    metrics: dict[str, Any] = {}
    for key, value in attributes.left.items():
        if (
            key.startswith("gen_ai.usage.")
            and isinstance(value, (int, float))
            and not isinstance(value, bool)
        ):
            suffix = key.removeprefix("gen_ai.usage.")
            metrics.setdefault(_METRIC_OF_USAGE.get(suffix, suffix), (key, value))
    taken = {name: attributes.take(key) for name, (key, _value) in metrics.items()}
    if "tokens" not in taken and "prompt_tokens" in taken and "completion_tokens" in taken:
        taken["tokens"] = taken["prompt_tokens"] + taken["completion_tokens"]
    return taken


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
