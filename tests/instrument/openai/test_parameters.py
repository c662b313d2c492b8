"""The parameters that the span conventions list are told, and no others."""

from typing import Any

import pytest

from spanscore.instrument.openai._parameters import (
    gen_ai_parameters,
    metadata_parameters,
    normalised_tool_choice,
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


NAMED = {"type": "function", "function": {"name": "weather"}}
ALLOWED = {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": []}}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("auto", "auto"),
        ("none", "none"),
        ("required", "required"),
        ("any", "required"),
        (NAMED, NAMED),
        ({"type": "function", "name": "weather"}, NAMED),
        (ALLOWED, ALLOWED),
    ],
)
def test_tool_choice_is_normalised(given: Any, told: Any) -> None:
    assert normalised_tool_choice(given) == told


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
        ({"model": 5, "temperature": "hot", "top_p": True, "max_tokens": None}, {}),
    ],
    ids=["all", "max_completion_tokens is what max_tokens was", "other types"],
)
def test_gen_ai_parameters(body: dict[str, Any], told: dict[str, Any]) -> None:
    assert gen_ai_parameters(body) == told
