"""Which parameters of a request are told, and in what form."""

from collections.abc import Mapping
from typing import Any, Final, cast

from opentelemetry.util.types import AttributeValue

from spanscore.integrations._plain import fields_of, text
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

_TOLD: Final = frozenset({*_AS_SENT, "tools", "tool_choice", "functions", "function_call"})
_RESERVED: Final = frozenset({"provider", "prompt"})
"""In metadata these say who bills, and which prompt of Braintrust's was used; in requests other things."""

_NUMBERS: Final = (int, float)
_GEN_AI_NUMBERS: Final = {
    "temperature": attributes.GEN_AI_REQUEST_TEMPERATURE,
    "top_p": attributes.GEN_AI_REQUEST_TOP_P,
    "frequency_penalty": attributes.GEN_AI_REQUEST_FREQUENCY_PENALTY,
    "presence_penalty": attributes.GEN_AI_REQUEST_PRESENCE_PENALTY,
    "max_completion_tokens": attributes.GEN_AI_REQUEST_MAX_TOKENS,
    "max_output_tokens": attributes.GEN_AI_REQUEST_MAX_TOKENS,
    "max_tokens": attributes.GEN_AI_REQUEST_MAX_TOKENS,
}


def metadata_parameters(body: Mapping[str, Any]) -> dict[str, Any]:
    """The request's parameters that belong into the span's metadata; what was not given is left out."""
    told = {name: body[name] for name in _AS_SENT if body.get(name) is not None}
    tools = [*map(_tool, _listed(body.get("tools"))), *map(_function, _listed(body.get("functions")))]
    if tools:
        told["tools"] = tools
    choice = body.get("tool_choice")
    if choice is None:
        choice = body.get("function_call")
    if choice is not None:
        told["tool_choice"] = normalised_tool_choice(choice)
    return told


def other_parameters(body: Mapping[str, Any], *content: str) -> dict[str, Any]:
    """The request's parameters that are neither listed nor its content, which has the names `content`.

    A name that means something else in metadata gets the prefix "request.".
    """
    others = {name: value for name, value in body.items() if name not in _TOLD and name not in content}
    for name in _RESERVED:
        if name in others:
            others[f"request.{name}"] = others.pop(name)
    choice = body.get("tool_choice")
    allowed = None if choice is None else _allowed_tools(choice).get("tools")
    return others if allowed is None else {**others, "allowed_tools": allowed}


def gen_ai_parameters(body: Mapping[str, Any]) -> dict[str, AttributeValue]:
    """The request's parameters that OpenTelemetry has attributes for."""
    known: dict[str, AttributeValue] = {}
    for name, key in _GEN_AI_NUMBERS.items():
        value = body.get(name)
        if value is not None and isinstance(value, _NUMBERS) and not isinstance(value, bool):
            known[key] = value
    model = text(body.get("model"))
    if model:
        known[attributes.GEN_AI_REQUEST_MODEL] = model
    return known


def normalised_tool_choice(choice: Any) -> Any:
    """One of auto, none, required or `{"type": "function", "function": {"name": …}}`; others as given.

    A choice among some of the tools becomes its mode. A provider's own tool has no name: its choice stays.
    """
    if choice == "any":
        return "required"
    given = fields_of(choice)
    kind = given.get("type")
    if kind == "allowed_tools":
        return _allowed_tools(choice).get("mode") or choice
    if kind not in (None, "function", "custom"):
        return choice
    named = given if kind is None else (fields_of(given.get(kind)) or given)
    name = text(named.get("name"))
    return {"type": "function", "function": {"name": name}} if name else choice


def _allowed_tools(choice: Any) -> Mapping[str, Any]:
    """What a choice among some tools says: within an object of that name, or beside the type."""
    given = fields_of(choice)
    if given.get("type") != "allowed_tools":
        return {}
    return fields_of(given.get("allowed_tools")) or given


def _tool(tool: Any) -> Any:
    """The definition in the form of chat completions; without a `strict` that says nothing."""
    given = fields_of(tool)
    kind = given.get("type")
    if kind not in ("function", "custom"):
        return tool
    if kind not in given:
        definition = {name: value for name, value in given.items() if name != "type"}
        return {"type": kind, kind: _without_empty_strict(definition)}
    definition = fields_of(given[kind])
    return {**given, kind: _without_empty_strict(definition)} if definition else tool


def _function(function: Any) -> Any:
    """A tool of what was called a function before there were tools."""
    return {"type": "function", "function": _without_empty_strict(fields_of(function) or function)}


def _without_empty_strict(definition: Any) -> Any:
    if fields_of(definition).get("strict", True) is None:
        return {name: value for name, value in definition.items() if name != "strict"}
    return definition


def _listed(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []
