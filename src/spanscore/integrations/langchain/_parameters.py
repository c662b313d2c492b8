"""The parameters of a model call, in OpenAI's shape whoever's they are."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from opentelemetry.util.types import AttributeValue

from spanscore.integrations._plain import fields_of, text
from spanscore.wire import attributes

_AS_GIVEN: Final = (
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
_CONTENT: Final = frozenset({*_AS_GIVEN, "tools", "tool_choice", "_type", "model_name", "functions"})

_GEN_AI: Final = {
    "model": attributes.GEN_AI_REQUEST_MODEL,
    "temperature": attributes.GEN_AI_REQUEST_TEMPERATURE,
    "top_p": attributes.GEN_AI_REQUEST_TOP_P,
    "max_tokens": attributes.GEN_AI_REQUEST_MAX_TOKENS,
    "frequency_penalty": attributes.GEN_AI_REQUEST_FREQUENCY_PENALTY,
    "presence_penalty": attributes.GEN_AI_REQUEST_PRESENCE_PENALTY,
}


def listed_parameters(given: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that the span conventions list; what was not given is left out."""
    told = {name: given[name] for name in _AS_GIVEN if given.get(name) is not None}
    tools = [tool for one in _items(given.get("tools")) for tool in _tools(one)]
    if tools:
        told["tools"] = tools
    choice = given.get("tool_choice")
    if choice is not None:
        told["tool_choice"] = normalised_tool_choice(choice)
    return told


def other_parameters(given: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that are not listed."""
    return {name: value for name, value in given.items() if name not in _CONTENT and value is not None}


def gen_ai_parameters(listed: Mapping[str, Any]) -> dict[str, AttributeValue]:
    """The listed parameters that OpenTelemetry has attributes for."""
    known = {key: listed[name] for name, key in _GEN_AI.items() if name in listed}
    return {key: value for key, value in known.items() if type(value) in (str, int, float)}


def normalised_tool_choice(choice: Any) -> Any:
    """One of auto, none, required or `{"type": "function", "function": {"name": …}}`; others as given."""
    given = fields_of(choice)
    kind = given.get("type", choice if isinstance(choice, str) else None)
    if kind == "any":
        return "required"
    if kind in ("auto", "none", "required"):
        return kind
    name = text(given.get("name")) or text(fields_of(given.get("function")).get("name"))
    return {"type": "function", "function": {"name": name}} if name else choice


def _tools(tool: Any) -> Iterator[Any]:
    """The definitions that one entry holds: Google's holds several. Code is none."""
    given = fields_of(tool)
    declared = _items(given.get("function_declarations"))
    if declared:
        yield from (_function(fields_of(one)) for one in declared)
    elif spec := fields_of(given.get("toolSpec")):
        yield _function(spec, fields_of(spec.get("inputSchema")).get("json"))
    elif function := fields_of(given.get("function")):
        if function.get("strict", True) is None:
            function = {key: value for key, value in function.items() if key != "strict"}
        yield {**given, "function": function}
    elif "name" in given and given.get("type", "custom") == "custom" and "input_schema" in given:
        yield _function(given, given["input_schema"])
    elif given:
        yield given


def _function(given: Mapping[str, Any], parameters: Any = None) -> dict[str, Any]:
    told = {
        "name": given.get("name"),
        "description": given.get("description"),
        "parameters": given.get("parameters") if parameters is None else parameters,
        "strict": given.get("strict"),
    }
    return {"type": "function", "function": {key: value for key, value in told.items() if value is not None}}


def _items(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []
