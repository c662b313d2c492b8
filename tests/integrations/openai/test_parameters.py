"""The parameters that the span conventions list are told, and no others."""

from typing import Any

import pytest

from spanscore.integrations.openai._parameters import (
    gen_ai_parameters,
    metadata_parameters,
    normalised_tool_choice,
    other_parameters,
)

FUNCTION = {"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}
NATIVE = {"type": "web_search", "search_context_size": "low"}
LISTED: dict[str, Any] = {
    "model": "gpt-4o-mini",
    "temperature": 0,
    "top_p": 0.5,
    "max_tokens": 9,
    "frequency_penalty": 0.1,
    "presence_penalty": -0.1,
    "stop": ["\n"],
    "response_format": {"type": "json_object"},
    "parallel_tool_calls": False,
    "max_tool_calls": 2,
    "tools": [FUNCTION, NATIVE],
    "tool_choice": "auto",
}
UNLISTED: dict[str, Any] = {
    "messages": [],
    "seed": 1,
    "user": "u",
    "stream": True,
    "stream_options": {},
    "max_completion_tokens": 7,
    "reasoning_effort": "low",
    "n": 2,
    "metadata": {"a": "b"},
}


def test_metadata_has_what_is_listed() -> None:
    assert metadata_parameters({**LISTED, **UNLISTED}) == LISTED


def test_what_is_not_given_is_left_out() -> None:
    assert metadata_parameters({"model": "m", "tools": [], "temperature": None, "tool_choice": None}) == {
        "model": "m"
    }


def test_strict_is_kept_when_known_and_left_out_when_null() -> None:
    def tool(strict: bool | None) -> dict[str, Any]:
        return {"type": "function", "function": {"name": "f", "strict": strict}}

    told = metadata_parameters({"tools": [tool(True), tool(False), tool(None), 5]})["tools"]
    assert told == [tool(True), tool(False), {"type": "function", "function": {"name": "f"}}, 5]


DEFINITION = {"name": "weather", "description": "of a city", "parameters": {"type": "object"}}
CUSTOM = {"name": "shell", "format": {"type": "text"}}
TOOLS: dict[str, tuple[Any, Any]] = {
    "a function": (FUNCTION, FUNCTION),
    "a function, flat": (
        {"type": "function", **DEFINITION, "strict": True},
        {"type": "function", "function": {**DEFINITION, "strict": True}},
    ),
    "a function, flat, with a strict that says nothing": (
        {"type": "function", **DEFINITION, "strict": None},
        {"type": "function", "function": DEFINITION},
    ),
    "a custom tool": ({"type": "custom", "custom": CUSTOM}, {"type": "custom", "custom": CUSTOM}),
    "a custom tool, flat": ({"type": "custom", **CUSTOM}, {"type": "custom", "custom": CUSTOM}),
    "the provider's own": (NATIVE, NATIVE),
    "a server's": ({"type": "mcp", "server_label": "docs"}, {"type": "mcp", "server_label": "docs"}),
    "no function in it": ({"type": "function", "function": None}, {"type": "function", "function": None}),
    "no object": (5, 5),
}


@pytest.mark.parametrize(("given", "told"), TOOLS.values(), ids=TOOLS.keys())
def test_tools_have_the_form_of_chat_completions(given: Any, told: Any) -> None:
    assert metadata_parameters({"tools": [given]})["tools"] == [told]


def test_functions_from_before_tools_are_tools() -> None:
    body = {"functions": [DEFINITION], "function_call": {"name": "weather"}}
    assert metadata_parameters(body) == {
        "tools": [{"type": "function", "function": DEFINITION}],
        "tool_choice": {"type": "function", "function": {"name": "weather"}},
    }
    assert other_parameters(body) == {}


NAMED = {"type": "function", "function": {"name": "weather"}}
ALLOWED = [{"type": "function", "function": {"name": "weather"}}]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("auto", "auto"),
        ("none", "none"),
        ("required", "required"),
        ("any", "required"),
        (NAMED, NAMED),
        ({"type": "function", "name": "weather"}, NAMED),
        ({"name": "weather"}, NAMED),
        ({"type": "custom", "custom": {"name": "weather"}}, NAMED),
        ({"type": "custom", "name": "weather"}, NAMED),
        ({"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": ALLOWED}}, "auto"),
        ({"type": "allowed_tools", "mode": "required", "tools": ALLOWED}, "required"),
        ({"type": "allowed_tools"}, {"type": "allowed_tools"}),
        ({"type": "file_search"}, {"type": "file_search"}),
        (
            {"type": "mcp", "server_label": "s", "name": "n"},
            {"type": "mcp", "server_label": "s", "name": "n"},
        ),
        ({"type": "function", "function": None}, {"type": "function", "function": None}),
        ({}, {}),
        (5, 5),
    ],
    ids=repr,
)
def test_tool_choice_is_normalised(given: Any, told: Any) -> None:
    assert normalised_tool_choice(given) == told


def test_what_is_not_listed_is_the_rest() -> None:
    choice = {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": ALLOWED}}
    told = other_parameters({**LISTED, **UNLISTED, "tool_choice": choice}, "messages")
    assert told == {
        **{name: value for name, value in UNLISTED.items() if name != "messages"},
        "allowed_tools": ALLOWED,
    }


def test_the_rest_never_looks_like_what_metadata_says_of_the_call() -> None:
    routing, template = {"order": ["azure"]}, {"id": "pmpt_1"}
    assert other_parameters({"provider": routing, "prompt": template}) == {
        "request.provider": routing,
        "request.prompt": template,
    }
    assert other_parameters({"prompt": "Once upon a time"}, "prompt") == {}


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            {**LISTED, **UNLISTED},
            {
                "gen_ai.request.model": "gpt-4o-mini",
                "gen_ai.request.temperature": 0,
                "gen_ai.request.top_p": 0.5,
                "gen_ai.request.max_tokens": 9,
                "gen_ai.request.frequency_penalty": 0.1,
                "gen_ai.request.presence_penalty": -0.1,
            },
        ),
        ({"max_completion_tokens": 7}, {"gen_ai.request.max_tokens": 7}),
        ({"max_output_tokens": 7}, {"gen_ai.request.max_tokens": 7}),
        ({"model": 5, "temperature": "hot", "top_p": True, "max_tokens": None}, {}),
    ],
    ids=["all", "max_completion_tokens is what max_tokens was", "the Responses API's word", "other types"],
)
def test_gen_ai_parameters(body: dict[str, Any], told: dict[str, Any]) -> None:
    assert gen_ai_parameters(body) == told
