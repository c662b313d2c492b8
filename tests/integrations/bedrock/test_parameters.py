"""Parameters have the names that OpenAI gives them, tools its form; only listed ones are told."""

from typing import Any

import pytest

from spanscore.integrations.bedrock._parameters import (
    gen_ai_parameters,
    metadata_parameters,
    model_name,
    other_parameters,
)

SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}}


def test_inference_parameters_have_openais_names() -> None:
    body = {
        "modelId": "m",
        "inferenceConfig": {"maxTokens": 9, "temperature": 0.0, "topP": 0.5, "stopSequences": ["x"]},
        "additionalModelRequestFields": {"top_k": 5},
        "messages": [],
    }
    told = metadata_parameters(body)
    assert told == {"model": "m", "max_tokens": 9, "temperature": 0.0, "top_p": 0.5, "stop": ["x"]}
    assert other_parameters(body) == {"additionalModelRequestFields": {"top_k": 5}}
    assert gen_ai_parameters(body, told) == {
        "gen_ai.request.model": "m",
        "gen_ai.request.max_tokens": 9,
        "gen_ai.request.temperature": 0.0,
        "gen_ai.request.top_p": 0.5,
    }


def test_tools_have_openais_form_and_others_their_own() -> None:
    tools: list[Any] = [
        {"toolSpec": {"name": "f", "description": "d", "inputSchema": {"json": SCHEMA}, "strict": True}},
        {"toolSpec": {"name": "g", "inputSchema": {"json": {}}}},
        {"systemTool": {"name": "nova_grounding"}},
        {"cachePoint": {"type": "default"}},
    ]
    assert metadata_parameters({"toolConfig": {"tools": tools}})["tools"] == [
        {
            "type": "function",
            "function": {"name": "f", "description": "d", "parameters": SCHEMA, "strict": True},
        },
        {"type": "function", "function": {"name": "g", "parameters": {}}},
        {"systemTool": {"name": "nova_grounding"}},
    ]


@pytest.mark.parametrize("tools", [None, [], "f", [{"cachePoint": {"type": "default"}}]])
def test_without_tools_nothing_is_told_of_them(tools: Any) -> None:
    assert metadata_parameters({"toolConfig": {"tools": tools}}) == {}


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        ({"auto": {}}, "auto"),
        ({"any": {}}, "required"),
        ({"tool": {"name": "f"}}, {"type": "function", "function": {"name": "f"}}),
        ({"newer": {}}, {"newer": {}}),
        ("auto", "auto"),
        ({"tool": None}, {"tool": None}),
    ],
)
def test_the_choice_of_a_tool_is_openais(choice: Any, told: Any) -> None:
    assert metadata_parameters({"toolConfig": {"toolChoice": choice}}) == {"tool_choice": told}


@pytest.mark.parametrize(
    ("config", "told"),
    [
        (
            {"type": "json_schema", "structure": {"jsonSchema": {"name": "n", "schema": '{"a": 1}'}}},
            {"type": "json_schema", "json_schema": {"name": "n", "schema": {"a": 1}}},
        ),
        (
            {"type": "json_schema", "structure": {"jsonSchema": {"schema": "{"}}},
            {"type": "json_schema", "json_schema": {"schema": "{"}},
        ),
        ({"type": "text"}, {"type": "text"}),
    ],
)
def test_the_form_of_the_answer_is_openais(config: Any, told: Any) -> None:
    assert metadata_parameters({"outputConfig": {"textFormat": config}}) == {"response_format": told}


@pytest.mark.parametrize(
    ("model_id", "name"),
    [
        ("us.amazon.nova-lite-v1:0", "us.amazon.nova-lite-v1:0"),
        ("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0", "amazon.nova-lite-v1:0"),
        ("arn:aws-us-gov:bedrock:r:1:inference-profile/us.meta.llama3-v1:0", "us.meta.llama3-v1:0"),
        ("arn:aws:bedrock:r:1:application-inference-profile/x1", None),
        ("arn:aws:bedrock:r:1:inference-profile/", None),
        ("arn:", None),
    ],
)
def test_a_model_is_named_by_what_can_be_read(model_id: str, name: str | None) -> None:
    assert model_name(model_id) == (name or model_id)


@pytest.mark.parametrize("value", [None, 5, "x", [], [None], {"tools": [None, 5]}, {"toolSpec": 3}])
def test_hostile_values_are_told_or_left_out(value: Any) -> None:
    body = {"modelId": value, "inferenceConfig": value, "toolConfig": value, "outputConfig": value}
    told = metadata_parameters(body)
    assert set(told) <= {"model", "tools"}
    gen_ai_parameters(body, told)
    gen_ai_parameters(body, {"temperature": value, "max_tokens": True})
