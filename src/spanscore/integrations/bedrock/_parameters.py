"""Which parameters of a request are told, under the names that OpenAI gives them."""

from collections.abc import Mapping
from typing import Any, Final, cast

from opentelemetry.util.types import AttributeValue

from spanscore.integrations._plain import fields_of, json_value, text
from spanscore.wire import attributes

_INFERENCE: Final = {
    "maxTokens": "max_tokens",
    "temperature": "temperature",
    "topP": "top_p",
    "stopSequences": "stop",
}
_GEN_AI: Final = {
    "max_tokens": attributes.GEN_AI_REQUEST_MAX_TOKENS,
    "temperature": attributes.GEN_AI_REQUEST_TEMPERATURE,
    "top_p": attributes.GEN_AI_REQUEST_TOP_P,
}
_TOLD: Final = frozenset({"modelId", "messages", "system", "inferenceConfig", "toolConfig"})

_NAMED_RESOURCES: Final = ("foundation-model/", "inference-profile/")
"""What stands before the name of a model in an ARN; other resources have ids that say nothing."""


def metadata_parameters(body: Mapping[str, Any]) -> dict[str, Any]:
    """The request's parameters that belong into the span's metadata; what was not given is left out."""
    inference = fields_of(body.get("inferenceConfig"))
    tools = fields_of(body.get("toolConfig"))
    told: dict[str, Any] = {
        "model": model_name(body.get("modelId")),
        **{name: inference.get(sent) for sent, name in _INFERENCE.items()},
        "response_format": _response_format(body.get("outputConfig")),
        "tools": _tools(tools.get("tools")) or None,
        "tool_choice": _tool_choice(tools.get("toolChoice")),
    }
    return {name: value for name, value in told.items() if value is not None}


def other_parameters(body: Mapping[str, Any]) -> dict[str, Any]:
    """The request's parameters that are neither listed nor its content."""
    return {name: value for name, value in body.items() if name not in _TOLD}


def gen_ai_parameters(body: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, AttributeValue]:
    """The request's parameters that OpenTelemetry has attributes for."""
    known: dict[str, AttributeValue] = {}
    for name, key in _GEN_AI.items():
        value = told.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            known[key] = value
    model = text(body.get("modelId"))
    if model:
        known[attributes.GEN_AI_REQUEST_MODEL] = model
    return known


def model_name(model_id: Any) -> Any:
    """The model's name or inference profile: of an ARN that has one in it, the name alone.

    >>> model_name("arn:aws:bedrock:us-east-1:1:inference-profile/us.amazon.nova-lite-v1:0")
    'us.amazon.nova-lite-v1:0'
    """
    given = text(model_id)
    if given is None or not given.startswith("arn:"):
        return given
    resource = given.split(":", 5)[-1]
    return next(
        (
            resource[len(kind) :]
            for kind in _NAMED_RESOURCES
            if resource.startswith(kind) and resource != kind
        ),
        given,
    )


def _tools(tools: Any) -> list[Any]:
    if not isinstance(tools, list):
        return []
    return [_tool(tool) for tool in cast("list[Any]", tools) if "cachePoint" not in fields_of(tool)]


def _tool(tool: Any) -> Any:
    """A tool of the caller's in OpenAI's form; one of AWS's as it was sent."""
    given = fields_of(fields_of(tool).get("toolSpec"))
    if not given:
        return tool
    function = {
        "name": given.get("name"),
        "description": given.get("description"),
        "parameters": fields_of(given.get("inputSchema")).get("json"),
        "strict": given.get("strict"),
    }
    return {
        "type": "function",
        "function": {name: value for name, value in function.items() if value is not None},
    }


def _tool_choice(choice: Any) -> Any:
    given = fields_of(choice)
    if "auto" in given:
        return "auto"
    if "any" in given:
        return "required"
    name = text(fields_of(given.get("tool")).get("name"))
    return {"type": "function", "function": {"name": name}} if name else choice


def _response_format(config: Any) -> Any:
    wanted = fields_of(fields_of(config).get("textFormat"))
    given = fields_of(fields_of(wanted.get("structure")).get("jsonSchema"))
    if not given:
        return wanted or None
    schema = given.get("schema")
    parsed = json_value(schema.encode()) if isinstance(schema, str) else None
    return {"type": "json_schema", "json_schema": {**given, "schema": schema if parsed is None else parsed}}
