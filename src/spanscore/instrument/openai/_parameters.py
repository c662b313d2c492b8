"""Which parameters of a request are told, and in what form."""

from collections.abc import Mapping
from typing import Any, Final, cast

from opentelemetry.util.types import AttributeValue

from spanscore.instrument._plain import fields_of, text
from spanscore.wire import attributes

_AS_SENT: Final = (
    "model",
    "temperature",
    "top_p",
    "max_tokens",
    "frequency_penalty",
    "presence_penalty",
    "stop",
    "response_format",
    "parallel_tool_calls",
    "max_tool_calls",
)
"""The span conventions list these and no others: `seed`, `user`, `reasoning_effort` and the like stay out."""

_GEN_AI_NUMBERS: Final = {
    "temperature": attributes.GEN_AI_REQUEST_TEMPERATURE,
    "top_p": attributes.GEN_AI_REQUEST_TOP_P,
    "frequency_penalty": attributes.GEN_AI_REQUEST_FREQUENCY_PENALTY,
    "presence_penalty": attributes.GEN_AI_REQUEST_PRESENCE_PENALTY,
    "max_completion_tokens": attributes.GEN_AI_REQUEST_MAX_TOKENS,
    "max_tokens": attributes.GEN_AI_REQUEST_MAX_TOKENS,
}


def metadata_parameters(body: Mapping[str, Any]) -> dict[str, Any]:
    """The request's parameters that belong into the span's metadata; what was not given is left out."""
    told = {name: body[name] for name in _AS_SENT if body.get(name) is not None}
    tools = body.get("tools")
    if isinstance(tools, list) and tools:
        told["tools"] = [_tool(tool) for tool in cast("list[Any]", tools)]
    choice = body.get("tool_choice")
    if choice is not None:
        told["tool_choice"] = normalised_tool_choice(choice)
    return told


def other_parameters(body: Mapping[str, Any], *content: str) -> dict[str, Any]:
    """The request's parameters that are neither listed nor its content, which has the names `content`."""
    known = {*_AS_SENT, "tools", "tool_choice", *content}
    return {name: value for name, value in body.items() if name not in known}


def gen_ai_parameters(body: Mapping[str, Any]) -> dict[str, AttributeValue]:
    """The request's parameters that OpenTelemetry has attributes for."""
    known: dict[str, AttributeValue] = {}
    for name, key in _GEN_AI_NUMBERS.items():
        value = body.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            known[key] = value
    model = text(body.get("model"))
    if model:
        known[attributes.GEN_AI_REQUEST_MODEL] = model
    return known


def normalised_tool_choice(choice: Any) -> Any:
    """One of auto, none, required or `{"type": "function", "function": {"name": …}}`; others as given."""
    if choice == "any":
        return "required"
    given = fields_of(choice)
    if given.get("type") == "function" and text(given.get("name")):
        return {"type": "function", "function": {"name": given["name"]}}
    return choice


def _tool(tool: Any) -> Any:
    """The definition as sent, without a `strict` that says nothing."""
    function = fields_of(fields_of(tool).get("function"))
    if "strict" in function and function["strict"] is None:
        return {**tool, "function": {key: value for key, value in function.items() if key != "strict"}}
    return tool
