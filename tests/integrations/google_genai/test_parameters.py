"""Parameters of a request as metadata and as OpenTelemetry's attributes."""

from typing import Any

import pytest

from spanscore.integrations.google_genai._parameters import (
    gen_ai_parameters,
    metadata_parameters,
    model_of,
    other_parameters,
)

BODY: dict[str, Any] = {
    "contents": [],
    "systemInstruction": {},
    "generationConfig": {
        "temperature": 0,
        "topP": 0.9,
        "topK": 3,
        "maxOutputTokens": 99,
        "frequencyPenalty": 0.1,
        "presencePenalty": 0.2,
        "stopSequences": ["END"],
        "seed": 1,
        "responseMimeType": "text/plain",
    },
    "tools": [{"googleSearch": {}}],
    "toolConfig": {"functionCallingConfig": {"mode": "ANY"}},
    "safetySettings": [{"category": "c"}],
}


def test_what_is_listed_becomes_metadata() -> None:
    assert metadata_parameters(BODY, "gemini") == {
        "model": "gemini",
        "temperature": 0,
        "top_p": 0.9,
        "max_tokens": 99,
        "frequency_penalty": 0.1,
        "presence_penalty": 0.2,
        "stop": ["END"],
        "response_format": {"type": "text"},
        "tools": [{"googleSearch": {}}],
        "tool_choice": "required",
    }


def test_the_rest_is_told_where_all_is_wanted() -> None:
    assert other_parameters(BODY) == {
        "toolConfig": {"functionCallingConfig": {"mode": "ANY"}},
        "safetySettings": [{"category": "c"}],
        "topK": 3,
        "seed": 1,
    }


def test_what_opentelemetry_has_attributes_for() -> None:
    assert gen_ai_parameters(BODY, "gemini") == {
        "gen_ai.request.model": "gemini",
        "gen_ai.request.temperature": 0,
        "gen_ai.request.top_p": 0.9,
        "gen_ai.request.max_tokens": 99,
        "gen_ai.request.frequency_penalty": 0.1,
        "gen_ai.request.presence_penalty": 0.2,
    }


@pytest.mark.parametrize("config", [None, 5, [], {"temperature": None, "topP": None, "stopSequences": None}])
def test_what_is_not_given_is_left_out(config: Any) -> None:
    body = {"generationConfig": config, "tools": []}
    assert metadata_parameters(body, "") == {}
    assert gen_ai_parameters(body, "") == {}


def test_attributes_are_numbers() -> None:
    assert gen_ai_parameters({"generationConfig": {"temperature": True, "topP": "1"}}, "") == {}


SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}}
GOOGLES = {"type": "OBJECT", "properties": {"a": {"type": "STRING"}}}


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ({"responseMimeType": "application/json"}, {"type": "json_object"}),
        ({"responseMimeType": "text/x.enum"}, {"type": "text/x.enum"}),
        (
            {"responseMimeType": "application/json", "responseSchema": GOOGLES},
            {"type": "json_schema", "json_schema": {"schema": SCHEMA}},
        ),
        (
            {"responseMimeType": "application/json", "responseJsonSchema": SCHEMA},
            {"type": "json_schema", "json_schema": {"schema": SCHEMA}},
        ),
        ({"responseJsonSchema": True}, {"type": "json_schema", "json_schema": {"schema": True}}),
        (
            {"responseMimeType": "text/x.enum", "responseSchema": {"type": "STRING", "enum": ["a"]}},
            {"type": "text/x.enum", "json_schema": {"schema": {"type": "string", "enum": ["a"]}}},
        ),
    ],
)
def test_response_format(config: Any, told: Any) -> None:
    assert metadata_parameters({"generationConfig": config}, "") == {"response_format": told}


@pytest.mark.parametrize(
    ("path", "model"),
    [
        ("models/gemini-2.5-flash:generateContent", "gemini-2.5-flash"),
        ("models/gemini-2.5-flash:streamGenerateContent?alt=sse", "gemini-2.5-flash"),
        ("publishers/google/models/gemini-2.5-flash:generateContent", "gemini-2.5-flash"),
        ("projects/p/locations/l/publishers/google/models/gemini-2.5-pro:generateContent", "gemini-2.5-pro"),
        ("tunedModels/123:generateContent", "tunedModels/123"),
        ("projects/p/locations/l/endpoints/123:generateContent", "projects/p/locations/l/endpoints/123"),
        ("", ""),
    ],
)
def test_model(path: str, model: str) -> None:
    assert model_of(path) == model
