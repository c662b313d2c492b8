"""Which parameters of a request in camel case are told, and in what form."""

from typing import Any, Final

from opentelemetry.util.types import AttributeValue

from spanscore.integrations._plain import Fields, fields_of, text
from spanscore.integrations.google_genai._schema import json_schema
from spanscore.integrations.google_genai._tools import tool_choice_of, tools_of
from spanscore.wire import attributes

_NAMES: Final = {
    "temperature": "temperature",
    "topP": "top_p",
    "maxOutputTokens": "max_tokens",
    "frequencyPenalty": "frequency_penalty",
    "presencePenalty": "presence_penalty",
    "stopSequences": "stop",
}
"""What the span conventions list, by Google's name of it."""

_OF_FORMAT: Final = frozenset({"responseMimeType", "responseSchema", "responseJsonSchema"})
_CONTENT: Final = frozenset({"contents", "systemInstruction", "tools", "generationConfig"})

_GEN_AI_NUMBERS: Final = {
    "temperature": attributes.GEN_AI_REQUEST_TEMPERATURE,
    "topP": attributes.GEN_AI_REQUEST_TOP_P,
    "maxOutputTokens": attributes.GEN_AI_REQUEST_MAX_TOKENS,
    "frequencyPenalty": attributes.GEN_AI_REQUEST_FREQUENCY_PENALTY,
    "presencePenalty": attributes.GEN_AI_REQUEST_PRESENCE_PENALTY,
}


def model_of(path: str) -> str:
    """The model that the path of a request names, without what every model's resource name begins with.

    >>> model_of("publishers/google/models/gemini-2.5-flash:streamGenerateContent?alt=sse")
    'gemini-2.5-flash'
    """
    resource = path.partition("?")[0].rpartition(":")[0]
    return f"/{resource}".rpartition("/models/")[2].lstrip("/")


def metadata_parameters(body: Fields, model: str) -> dict[str, Any]:
    """The request's parameters that belong into the span's metadata; what was not given is left out."""
    config = _config(body)
    told = {"model": model} if model else {}
    told.update({name: config[given] for given, name in _NAMES.items() if config.get(given) is not None})
    known: dict[str, Any] = {
        "response_format": _response_format(config),
        "tools": tools_of(body) or None,
        "tool_choice": tool_choice_of(body),
    }
    told.update({name: value for name, value in known.items() if value is not None})
    return told


def other_parameters(body: Fields) -> dict[str, Any]:
    """The request's parameters that are neither listed nor its content, all on one level."""
    config = _config(body).items()
    return {
        **{name: value for name, value in body.items() if name not in _CONTENT},
        **{name: value for name, value in config if name not in _NAMES and name not in _OF_FORMAT},
    }


def gen_ai_parameters(body: Fields, model: str) -> dict[str, AttributeValue]:
    """The request's parameters that OpenTelemetry has attributes for."""
    config = _config(body)
    known: dict[str, AttributeValue] = {attributes.GEN_AI_REQUEST_MODEL: model} if model else {}
    for name, key in _GEN_AI_NUMBERS.items():
        value = config.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            known[key] = value
    return known


def _config(body: Fields) -> Fields:
    return fields_of(body.get("generationConfig"))


def _response_format(config: Fields) -> dict[str, Any] | None:
    """In OpenAI's shape, as far as it has one for the type."""
    kind = text(config.get("responseMimeType"))
    schema = config.get("responseJsonSchema")
    if schema is None:
        schema = json_schema(config.get("responseSchema"))
    if schema is not None:
        is_json = kind is None or kind == "application/json"
        return {"type": "json_schema" if is_json else kind, "json_schema": {"schema": schema}}
    return {"type": _FORMATS.get(kind, kind)} if kind else None


_FORMATS: Final = {"application/json": "json_object", "text/plain": "text"}
