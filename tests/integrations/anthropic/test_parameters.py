"""The parameters that the span conventions list are told in OpenAI's form, and no others."""

from typing import Any

import anthropic
import pytest
from pydantic import BaseModel

from spanscore.integrations.anthropic._parameters import (
    gen_ai_parameters,
    given,
    metadata_parameters,
    other_parameters,
    told_tool,
)

SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}}
CUSTOM = {"name": "weather", "description": "The weather", "input_schema": SCHEMA}
FUNCTION = {"name": "weather", "description": "The weather", "parameters": SCHEMA}
NATIVE = {"type": "web_search_20250305", "name": "web_search", "max_uses": 3}
FORMAT = {"type": "json_schema", "schema": SCHEMA}
LISTED: dict[str, Any] = {"model": "m", "temperature": 0, "top_p": 0.5, "max_tokens": 9}
UNLISTED: dict[str, Any] = {
    "stream": True,
    "top_k": 5,
    "thinking": {"type": "enabled", "budget_tokens": 1024},
    "metadata": {"user_id": "u"},
    "service_tier": "auto",
    "container": "c",
    "context_management": {"edits": []},
}
CONTENT: dict[str, Any] = {"messages": [{"role": "user", "content": "hi"}], "system": "Be brief."}


def test_metadata_has_what_is_listed() -> None:
    body = {**LISTED, **UNLISTED, **CONTENT, "stop_sequences": ["END"], "tools": [CUSTOM, NATIVE]}
    assert metadata_parameters(body) == {
        **LISTED,
        "stop": ["END"],
        "tools": [{"type": "function", "function": FUNCTION}, NATIVE],
    }


def test_the_rest_is_told_where_all_is_wanted() -> None:
    config = {"effort": "low", "format": FORMAT}
    body = {**LISTED, **UNLISTED, **CONTENT, "output_config": config, "tools": [CUSTOM]}
    assert other_parameters(body, "messages", "system") == {**UNLISTED, "output_config": {"effort": "low"}}


def test_what_is_not_given_is_left_out() -> None:
    body = {"model": "m", "tools": [], "temperature": None, "tool_choice": None, "stop_sequences": []}
    assert metadata_parameters(body) == {"model": "m"}


def test_the_clients_sentinels_are_not_given() -> None:
    class Own(anthropic.NotGiven): ...

    assert given({"model": "m", "tools": anthropic.NOT_GIVEN, "system": Own(), "top_k": None}) == {
        "model": "m",
        "top_k": None,
    }


class Weather(BaseModel):
    type: str = "custom"
    name: str
    input_schema: dict[str, Any]


TOOLS: dict[str, tuple[Any, Any]] = {
    "of the program": (CUSTOM, {"type": "function", "function": FUNCTION}),
    "of the program, by type": ({"type": "custom", **CUSTOM}, {"type": "function", "function": FUNCTION}),
    "with a type of null": ({"type": None, **CUSTOM}, {"type": "function", "function": FUNCTION}),
    "strict": ({**CUSTOM, "strict": True}, {"type": "function", "function": {**FUNCTION, "strict": True}}),
    "not strict": (
        {**CUSTOM, "strict": False},
        {"type": "function", "function": {**FUNCTION, "strict": False}},
    ),
    "strict unknown": ({**CUSTOM, "strict": None}, {"type": "function", "function": FUNCTION}),
    "cached": (
        {**CUSTOM, "cache_control": {"type": "ephemeral"}},
        {"type": "function", "function": FUNCTION},
    ),
    "without a description": (
        {"name": "f", "input_schema": {}},
        {"type": "function", "function": {"name": "f", "parameters": {}}},
    ),
    "a model": (
        Weather(type="custom", name="f", input_schema={}),
        {"type": "function", "function": {"name": "f", "parameters": {}}},
    ),
    "web search": (NATIVE, NATIVE),
    "a computer": (
        {"type": "computer_20250124", "name": "computer", "display_width_px": 9},
        {"type": "computer_20250124", "name": "computer", "display_width_px": 9},
    ),
    "an MCP server's": (
        {"type": "mcp_toolset", "mcp_server_name": "s"},
        {"type": "mcp_toolset", "mcp_server_name": "s"},
    ),
    "of another type": (5, 5),
}


@pytest.mark.parametrize(("sent", "told"), TOOLS.values(), ids=TOOLS.keys())
def test_tools(sent: Any, told: Any) -> None:
    assert told_tool(sent) == told


CHOICES: dict[str, tuple[Any, dict[str, Any]]] = {
    "auto": ({"type": "auto"}, {"tool_choice": "auto"}),
    "none": ({"type": "none"}, {"tool_choice": "none"}),
    "any": ({"type": "any"}, {"tool_choice": "required"}),
    "a tool": (
        {"type": "tool", "name": "weather"},
        {"tool_choice": {"type": "function", "function": {"name": "weather"}}},
    ),
    "one call at most": (
        {"type": "auto", "disable_parallel_tool_use": True},
        {"tool_choice": "auto", "parallel_tool_calls": False},
    ),
    "several calls": (
        {"type": "any", "disable_parallel_tool_use": False},
        {"tool_choice": "required", "parallel_tool_calls": True},
    ),
    "unknown": ({"type": "new"}, {"tool_choice": {"type": "new"}}),
    "of another type": ("auto", {"tool_choice": "auto"}),
}


@pytest.mark.parametrize(("sent", "told"), CHOICES.values(), ids=CHOICES.keys())
def test_tool_choice_is_normalised(sent: Any, told: dict[str, Any]) -> None:
    assert metadata_parameters({"tool_choice": sent}) == told


@pytest.mark.parametrize("sent", [{"output_config": {"format": FORMAT}}, {"output_format": FORMAT}])
def test_the_form_of_the_answer(sent: dict[str, Any]) -> None:
    assert metadata_parameters(sent) == {"response_format": FORMAT}


def test_completions_have_other_names() -> None:
    body = {"max_tokens_to_sample": 7, "stop_sequences": ["\n\nHuman:"]}
    assert metadata_parameters(body) == {"max_tokens": 7, "stop": ["\n\nHuman:"]}
    assert gen_ai_parameters(body) == {"gen_ai.request.max_tokens": 7}


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            {**LISTED, **UNLISTED},
            {
                "gen_ai.request.model": "m",
                "gen_ai.request.temperature": 0,
                "gen_ai.request.top_p": 0.5,
                "gen_ai.request.max_tokens": 9,
            },
        ),
        ({"model": 5, "temperature": "hot", "top_p": True, "max_tokens": None}, {}),
    ],
    ids=["all", "other types"],
)
def test_gen_ai_parameters(body: dict[str, Any], told: dict[str, Any]) -> None:
    assert gen_ai_parameters(body) == told
