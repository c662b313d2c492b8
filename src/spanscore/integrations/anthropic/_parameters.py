"""Which parameters of a request are told, and in what form: that of OpenAI's, which the conventions have."""

from collections.abc import Mapping
from typing import Any, Final, cast

from opentelemetry.util.types import AttributeValue

from spanscore.integrations._plain import Fields, fields_of, text
from spanscore.integrations.anthropic._sent import is_empty, sent
from spanscore.integrations.anthropic._service import classes
from spanscore.wire import attributes

_AS_SENT: Final = ("model", "temperature", "top_p", "max_tokens")
_RENAMED: Final = {"max_tokens_to_sample": "max_tokens", "stop_sequences": "stop"}
_CONVERTED: Final = ("tools", "tool_choice", "output_config", "output_format")
_CHOICES: Final = {"auto": "auto", "none": "none", "any": "required"}
_FUNCTION_FIELDS: Final = {"name": "name", "description": "description", "input_schema": "parameters"}

_NOT_GIVEN: Final = classes("NotGiven", "Omit")

_GEN_AI_NUMBERS: Final = {
    "temperature": attributes.GEN_AI_REQUEST_TEMPERATURE,
    "top_p": attributes.GEN_AI_REQUEST_TOP_P,
    "max_tokens_to_sample": attributes.GEN_AI_REQUEST_MAX_TOKENS,
    "max_tokens": attributes.GEN_AI_REQUEST_MAX_TOKENS,
}


def given(body: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that the caller gave: the client puts sentinels in place of the others."""
    return {name: value for name, value in body.items() if not isinstance(value, _NOT_GIVEN)}


def metadata_parameters(body: Mapping[str, Any]) -> dict[str, Any]:
    """The request's parameters that belong into the span's metadata; what was not given is left out."""
    told = {name: body[name] for name in _AS_SENT if body.get(name) is not None}
    told.update({told_as: body[name] for name, told_as in _RENAMED.items() if not is_empty(body.get(name))})
    output_format = _output_format(body)
    if output_format is not None:
        told["response_format"] = sent(output_format)
    tools = body.get("tools")
    if type(tools) in (list, tuple) and tools:
        told["tools"] = [told_tool(tool) for tool in cast("list[Any]", tools)]
    told.update(_tool_choice(body.get("tool_choice")))
    return told


def other_parameters(body: Mapping[str, Any], *content: str) -> dict[str, Any]:
    """The request's parameters that are neither listed nor its content, which has the names `content`."""
    known = {*_AS_SENT, *_RENAMED, *_CONVERTED, *content}
    others = {name: sent(value) for name, value in body.items() if name not in known}
    config = {name: value for name, value in fields_of(body.get("output_config")).items() if name != "format"}
    return {**others, "output_config": config} if config else others


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


def told_tool(tool: Any) -> Any:
    """A definition: one of the program's own as a function, one of the provider's as it was sent."""
    definition = sent(tool)
    fields = fields_of(definition)
    if fields.get("type") not in (None, "custom") or "input_schema" not in fields:
        return definition
    function = {told_as: fields[name] for name, told_as in _FUNCTION_FIELDS.items() if name in fields}
    if fields.get("strict") is not None:
        function["strict"] = fields["strict"]
    return {"type": "function", "function": function}


def _tool_choice(choice: Any) -> dict[str, Any]:
    """The choice as auto, none, required or a function's name, and whether calls may be parallel."""
    fields = fields_of(choice)
    told: dict[str, Any] = {}
    if choice is not None:
        told["tool_choice"] = _normalised(choice, fields)
    is_parallel_disabled = fields.get("disable_parallel_tool_use")
    if isinstance(is_parallel_disabled, bool):
        told["parallel_tool_calls"] = not is_parallel_disabled
    return told


def _normalised(choice: Any, fields: Fields) -> Any:
    kind = text(fields.get("type"))
    if kind == "tool" and text(fields.get("name")):
        return {"type": "function", "function": {"name": fields["name"]}}
    return _CHOICES.get(kind, sent(choice)) if kind else sent(choice)


def _output_format(body: Mapping[str, Any]) -> Any:
    """The form that the answer is to have; `output_format` is where it was at first."""
    current = fields_of(body.get("output_config")).get("format")
    return body.get("output_format") if current is None else current
