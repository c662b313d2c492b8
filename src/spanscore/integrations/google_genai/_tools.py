"""The tools that a request in camel case offers, and what it says of their choice, in OpenAI's shape."""

from collections.abc import Iterator
from typing import Any, Final, cast

from spanscore.integrations._plain import Fields, fields_of, text
from spanscore.integrations.google_genai._schema import json_schema

_CHOICES: Final = {"AUTO": "auto", "ANY": "required", "NONE": "none", "VALIDATED": "auto"}
"""Of VALIDATED the model may answer without a call too; only what it calls is constrained."""


def tools_of(body: Fields) -> list[Any]:
    """Declared functions in OpenAI's shape, and Google's own tools as they are sent."""
    given = body.get("tools")
    if not isinstance(given, list):
        return []
    return [tool for entry in cast("list[Any]", given) for tool in _tools(entry)]


def tool_choice_of(body: Fields) -> Any:
    """One of auto, none, required or `{"type": "function", "function": {"name": …}}`; None if not given."""
    config = fields_of(fields_of(body.get("toolConfig")).get("functionCallingConfig"))
    mode = text(config.get("mode"))
    choice = _CHOICES.get(mode.upper()) if mode else None
    allowed: Any = config.get("allowedFunctionNames")
    if choice == "required" and isinstance(allowed, list) and len(cast("list[Any]", allowed)) == 1:
        return {"type": "function", "function": {"name": cast("Any", allowed[0])}}
    return choice


def _tools(entry: Any) -> Iterator[Any]:
    """One entry may declare functions and switch on tools of Google's at once."""
    tool = fields_of(entry)
    declared = tool.get("functionDeclarations")
    if not isinstance(declared, list):
        yield entry
        return
    for function in cast("list[Any]", declared):
        yield {"type": "function", "function": _function(fields_of(function))}
    rest = {name: value for name, value in tool.items() if name != "functionDeclarations"}
    if rest:
        yield rest


def _function(declared: Fields) -> dict[str, Any]:
    told = {name: declared[name] for name in ("name", "description") if declared.get(name) is not None}
    if declared.get("parametersJsonSchema") is not None:
        told["parameters"] = declared["parametersJsonSchema"]
    elif declared.get("parameters") is not None:
        told["parameters"] = json_schema(declared["parameters"])
    return told
