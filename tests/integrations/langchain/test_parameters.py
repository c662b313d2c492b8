"""Parameters, tools and the choice of one are told in OpenAI's shape."""

from typing import Any

import pytest

from spanscore.integrations.langchain._parameters import (
    gen_ai_parameters,
    listed_parameters,
    normalised_tool_choice,
    other_parameters,
)

SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}}
ADDING = {"name": "add", "description": "Adds.", "parameters": SCHEMA}
ADD = {"type": "function", "function": ADDING}
NAMED = {"type": "function", "function": {"name": "add"}}

TOOLS: dict[str, tuple[Any, list[Any]]] = {
    "OpenAI's": (ADD, [ADD]),
    "strict": (
        {"type": "function", "function": {**ADDING, "strict": True}},
        [{"type": "function", "function": {**ADDING, "strict": True}}],
    ),
    "strict that says nothing": (
        {"type": "function", "function": {**ADDING, "strict": None}},
        [ADD],
    ),
    "Anthropic's": ({"name": "add", "description": "Adds.", "input_schema": SCHEMA}, [ADD]),
    "Anthropic's own": (
        {"type": "web_search_20250305", "name": "web_search"},
        [{"type": "web_search_20250305", "name": "web_search"}],
    ),
    "Google's": (
        {"function_declarations": [{"name": "add", "description": "Adds.", "parameters": SCHEMA}]},
        [ADD],
    ),
    "Bedrock's": (
        {"toolSpec": {"name": "add", "description": "Adds.", "inputSchema": {"json": SCHEMA}}},
        [ADD],
    ),
    "code": (print, []),
}


@pytest.mark.parametrize(("given", "told"), TOOLS.values(), ids=TOOLS)
def test_a_tool_is_told_as_a_definition(given: Any, told: list[Any]) -> None:
    assert listed_parameters({"tools": [given]}) == ({"tools": told} if told else {})


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        ("auto", "auto"),
        ("any", "required"),
        ({"type": "any"}, "required"),
        ({"type": "auto"}, "auto"),
        ({"type": "none"}, "none"),
        ({"type": "tool", "name": "add"}, NAMED),
        (NAMED, NAMED),
        ({"type": "allowed_tools"}, {"type": "allowed_tools"}),
    ],
)
def test_the_choice_of_a_tool_is_normalised(choice: Any, told: Any) -> None:
    assert normalised_tool_choice(choice) == told


def test_what_is_listed_is_told_and_the_rest_is_not() -> None:
    given = {
        "model": "gpt-4o",
        "model_name": "gpt-4o",
        "temperature": 0.5,
        "stop": None,
        "seed": 7,
        "_type": "openai-chat",
        "tools": [],
        "tool_choice": "any",
        "parallel_tool_calls": False,
    }
    listed = listed_parameters(given)
    assert listed == {
        "model": "gpt-4o",
        "temperature": 0.5,
        "parallel_tool_calls": False,
        "tool_choice": "required",
    }
    assert other_parameters(given) == {"seed": 7}
    assert gen_ai_parameters(listed) == {"gen_ai.request.model": "gpt-4o", "gen_ai.request.temperature": 0.5}
