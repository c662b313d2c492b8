import sys
from typing import Any

import pytest

from spanscore.errors import ConfigError
from spanscore.evals._parameters import declared_names, read_parameters
from spanscore.prompts import Prompt, RemoteEvalParameters

pytestmark = pytest.mark.core

READ: dict[str, tuple[Any, dict[str, Any], dict[str, Any]]] = {
    "nothing declared": (None, {"k": 1}, {"k": 1}),
    "a plain default": ({"k": 3}, {}, {"k": 3}),
    "a value in place of it": ({"k": 3}, {"k": 5}, {"k": 5}),
    "a mapping as default": ({"limits": {"low": 1}}, {}, {"limits": {"low": 1}}),
    "declared without default": ({"k": None}, {}, {}),
    "declared without default, given": ({"k": None}, {"k": 1}, {"k": 1}),
    "a model": ({"m": {"type": "model", "default": "small"}}, {}, {"m": "small"}),
    "a prompt without default": ({"p": {"type": "prompt"}}, {}, {}),
    "what nobody declared": ({"k": 3}, {"other": 1}, {"k": 3, "other": 1}),
    "a name that is no text": ({1: 3}, {}, {"1": 3}),
}


@pytest.mark.parametrize("name", READ)
def test_values_lie_over_defaults(name: str) -> None:
    declared, given, expected = READ[name]
    assert read_parameters(declared, given) == expected


GREETING: dict[str, Any] = {
    "prompt": {"type": "chat", "messages": [{"role": "user", "content": "Hi"}]},
    "options": {"model": "small"},
}
REMOTE = RemoteEvalParameters(
    name="Tuning", slug="tuning", data={"p": GREETING}, schema={"properties": {"p": {"x-bt-type": "prompt"}}}
)
PROMPTS: dict[str, tuple[Any, dict[str, Any], str]] = {
    "given": ({"p": {"type": "prompt", "name": "main"}}, {"p": GREETING}, "main"),
    "by default": ({"p": {"type": "prompt", "default": GREETING}}, {}, "p"),
    "made already": ({"p": {"type": "prompt"}}, {"p": Prompt.from_prompt_data("own", GREETING)}, "own"),
}


def _arguments(prompt: Prompt) -> dict[str, Any]:
    built = prompt.build()
    return {name: built[name] for name in ("messages", "model")}


@pytest.mark.parametrize("name", PROMPTS)
def test_the_value_of_a_prompt_is_one(name: str) -> None:
    declared, given, called = PROMPTS[name]
    prompt = read_parameters(declared, given)["p"]
    assert (type(prompt), prompt.name) == (Prompt, called)
    assert _arguments(prompt) == {"messages": [{"role": "user", "content": "Hi"}], "model": "small"}


def test_the_value_of_a_prompt_on_a_server_is_one() -> None:
    pytest.importorskip("jsonschema")
    prompt = read_parameters(REMOTE, {})["p"]
    assert (type(prompt), prompt.name, prompt["model"]) == (Prompt, "p", "small")


def test_what_is_no_data_of_a_prompt_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"the parameter p is 'Hi'; give the data of a prompt, such as \{"):
        read_parameters({"p": {"type": "prompt"}}, {"p": "Hi"})


def test_what_is_no_declaration_is_refused() -> None:
    with pytest.raises(ConfigError, match="parameters is a list; give a mapping of names"):
        read_parameters([1], {})


def test_pydantic_models_stand_for_their_value_or_for_themselves() -> None:
    pydantic = pytest.importorskip("pydantic")
    single = pydantic.create_model("Factor", value=(int, 2))
    several = pydantic.create_model("Limits", low=(int, 0), high=(int, 9))
    declared = {"factor": single, "limits": several}
    read = read_parameters(declared, {})
    assert (read["factor"], read["limits"]) == (2, several(low=0, high=9))
    read = read_parameters(declared, {"factor": "3", "limits": {"low": 1}})
    assert (read["factor"], read["limits"]) == (3, several(low=1, high=9))
    assert read_parameters(several, {"high": 4, "more": 1}) == {"low": 0, "high": 4, "more": 1}
    with pytest.raises(ConfigError, match="factor does not fit Factor"):
        read_parameters(declared, {"factor": "many"})
    with pytest.raises(ConfigError, match="the parameter limits is 3; give a mapping with low, high"):
        read_parameters(declared, {"limits": 3})


def test_json_schemas_are_checked() -> None:
    pytest.importorskip("jsonschema")
    declared = {
        "k": {"type": "integer", "minimum": 1, "default": 3},
        "rubric": {"type": "data", "schema": {"type": "array", "default": ["a"]}},
    }
    assert read_parameters(declared, {}) == {"k": 3, "rubric": ["a"]}
    with pytest.raises(ConfigError, match="the parameter k does not fit its JSON schema: 0 is less than"):
        read_parameters(declared, {"k": 0})
    whole = {
        "type": "object",
        "properties": {"k": {"type": "integer", "default": 3}, "model": {"type": "string"}},
        "required": ["model"],
    }
    assert read_parameters(whole, {"model": "small"}) == {"k": 3, "model": "small"}
    with pytest.raises(ConfigError, match="'model' is a required property"):
        read_parameters(whole, {})
    with pytest.raises(ConfigError, match="no JSON schema"):
        read_parameters({"k": {"type": "whole number"}}, {"k": 1})


def test_without_jsonschema_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jsonschema", None)
    with pytest.raises(ConfigError, match=r"pip install 'spanscore\[jsonschema\]'"):
        read_parameters({"k": {"type": "integer"}}, {"k": 1})


PROPERTIES = {"type": "object", "properties": {"k": {"type": "integer"}, "n": {}}}


@pytest.mark.parametrize(
    ("declared", "names"),
    [
        (None, None),
        ({}, []),
        ({"k": 3, 1: None}, ["k", "1"]),
        (PROPERTIES, ["k", "n"]),
        ({**PROPERTIES, "additionalProperties": False}, ["k", "n"]),
        ({**PROPERTIES, "additionalProperties": {"type": "string"}}, None),
        ({**PROPERTIES, "patternProperties": {"^x": {}}}, None),
    ],
)
def test_the_names_that_are_declared(declared: Any, names: list[str] | None) -> None:
    assert declared_names(declared) == names


def test_the_names_of_a_pydantic_model() -> None:
    pydantic = pytest.importorskip("pydantic")
    fields = {"k": (int, pydantic.Field(1, alias="count")), "n": (int, 2)}
    assert declared_names(pydantic.create_model("Closed", **fields)) == ["k", "n", "count"]
    is_open = pydantic.create_model("Open", __config__=pydantic.ConfigDict(extra="allow"), **fields)
    assert declared_names(is_open) is None
