"""Tools and their choice in OpenAI's shape."""

from typing import Any

import pytest

from spanscore.integrations.google_genai._tools import tool_choice_of, tools_of

PARAMETERS = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
WEATHER = {
    "type": "function",
    "function": {"name": "weather", "description": "The weather.", "parameters": PARAMETERS},
}


@pytest.mark.parametrize(
    "parameters",
    [
        {"parametersJsonSchema": PARAMETERS},
        {
            "parameters": {
                "type": "OBJECT",
                "properties": {"city": {"type": "STRING"}},
                "required": ["city"],
            }
        },
    ],
    ids=["JSON Schema", "Google's schema"],
)
def test_declared_functions(parameters: Any) -> None:
    declared = {
        "name": "weather",
        "description": "The weather.",
        "response": {"type": "OBJECT"},
        **parameters,
    }
    assert tools_of({"tools": [{"functionDeclarations": [declared, {"name": "now"}]}]}) == [
        WEATHER,
        {"type": "function", "function": {"name": "now"}},
    ]


def test_tools_of_googles_own_stay_as_they_are() -> None:
    search = {"googleSearch": {"timeRangeFilter": {}}}
    given = [search, {"codeExecution": {}, "functionDeclarations": [{"name": "now"}]}]
    assert tools_of({"tools": given}) == [
        search,
        {"type": "function", "function": {"name": "now"}},
        {"codeExecution": {}},
    ]


@pytest.mark.parametrize("tools", [None, [], {}, "x", [{"functionDeclarations": []}]])
def test_no_tools(tools: Any) -> None:
    assert tools_of({"tools": tools}) == []


@pytest.mark.parametrize("tools", [[None], [5], [{"functionDeclarations": None}]])
def test_what_is_no_tool_is_told_as_given(tools: Any) -> None:
    assert tools_of({"tools": tools}) == tools


def test_what_is_no_declaration() -> None:
    assert (
        tools_of({"tools": [{"functionDeclarations": [None, 5]}]})
        == [{"type": "function", "function": {}}] * 2
    )


@pytest.mark.parametrize(
    ("config", "choice"),
    [
        ({"mode": "AUTO"}, "auto"),
        ({"mode": "VALIDATED"}, "auto"),
        ({"mode": "NONE"}, "none"),
        ({"mode": "ANY"}, "required"),
        ({"mode": "any"}, "required"),
        ({"mode": "ANY", "allowedFunctionNames": ["a", "b"]}, "required"),
        ({"mode": "ANY", "allowedFunctionNames": ["a"]}, {"type": "function", "function": {"name": "a"}}),
        ({"mode": "AUTO", "allowedFunctionNames": ["a"]}, "auto"),
        ({"mode": "MODE_UNSPECIFIED"}, None),
        ({"mode": 5}, None),
        ({}, None),
        (None, None),
    ],
)
def test_choice(config: Any, choice: Any) -> None:
    assert tool_choice_of({"toolConfig": {"functionCallingConfig": config}}) == choice


@pytest.mark.parametrize("config", [None, 5, {}, []])
def test_no_choice(config: Any) -> None:
    assert tool_choice_of({"toolConfig": config}) is None
