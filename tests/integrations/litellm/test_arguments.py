"""Arguments become the body of a request: what is asked, not how."""

from typing import Any

import pytest
from pydantic import BaseModel

from litellm_forms import litellm
from spanscore.integrations.litellm._arguments import described_body, named, without_span_info


class Answer(BaseModel):
    n: int


def test_arguments_by_position_get_their_names() -> None:
    assert named(("model", "messages", "timeout"), ("m", []), {"stop": "x"}) == {
        "model": "m",
        "messages": [],
        "stop": "x",
    }
    assert named(("model",), ("m", "more"), {}) == {"model": "m"}


def test_the_body_has_what_is_asked() -> None:
    arguments = {
        "self": object(),
        "model": "openai/gpt-4o-mini",
        "messages": [{"role": "user", "content": "hi"}],
        "temperature": 0.5,
        "tools": [{"type": "function"}],
        "stop": ("a",),
        "timeout": None,
        "client": object(),
        "api_key": "sk-1",
        "api_base": "http://127.0.0.1",
        "extra_headers": {"a": "b"},
        "litellm_call_id": "1",
        "_private": "1",
        "logger_fn": print,
        "mock_response": "m",
    }
    assert described_body(arguments) == {
        "model": "gpt-4o-mini",
        "messages": [{"role": "user", "content": "hi"}],
        "temperature": 0.5,
        "tools": [{"type": "function"}],
        "stop": ("a",),
    }


def test_answers_of_former_calls_are_messages() -> None:
    messages = [litellm.Message(content="ho", role="assistant"), {"role": "user", "content": "hi"}, 5]
    assert described_body({"messages": messages})["messages"] == [
        {"role": "assistant", "content": "ho"},
        {"role": "user", "content": "hi"},
        5,
    ]


@pytest.mark.parametrize("name", ["response_format", "text_format"])
def test_a_class_is_told_as_its_schema(name: str) -> None:
    assert described_body({name: Answer})["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "Answer", "schema": Answer.model_json_schema()},
    }


def test_a_class_without_a_schema_is_told_by_its_name() -> None:
    told = described_body({"response_format": int})["response_format"]
    assert told == {"type": "json_schema", "json_schema": {"name": "int", "schema": None}}


@pytest.mark.parametrize("given", [{}, {"model": "m"}, {"extra_body": {"a": 1}}, {"extra_body": None}])
def test_what_has_nothing_for_the_span_stays_the_same_object(given: dict[str, Any]) -> None:
    kwargs, info = without_span_info(given)
    assert kwargs is given
    assert info().name is None


@pytest.mark.parametrize(
    "given", [{"span_info": {"name": "n"}, "a": 1}, {"extra_body": {"span_info": {"name": "n"}}, "a": 1}]
)
def test_what_is_for_the_span_is_taken_out(given: dict[str, Any]) -> None:
    before = dict(given)
    kwargs, info = without_span_info(given)
    assert "span_info" not in {**kwargs, **kwargs.get("extra_body", {})}
    assert (kwargs["a"], info().name, given) == (1, "n", before)
