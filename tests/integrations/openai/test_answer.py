"""What answers say alike is read off plain JSON and off the client's own objects, whatever they hold."""

from typing import Any

import pytest
from openai.types import Completion

from spanscore.integrations._plain import fields_of
from spanscore.integrations.openai._answer import answered_model, facts, gen_ai_answer, items

ANSWER: dict[str, Any] = {
    "id": "cmpl-1",
    "model": "gpt-3.5-turbo-instruct",
    "created": 1,
    "choices": [{"finish_reason": "stop"}, {"finish_reason": "length"}],
}


@pytest.mark.parametrize("answer", [ANSWER, Completion.construct(**ANSWER)], ids=["plain", "model"])
def test_gen_ai_answer(answer: Any) -> None:
    told = gen_ai_answer(fields_of(answer), {"tokens": 5, "prompt_tokens": 2, "completion_tokens": 3})
    assert told == {
        "gen_ai.response.id": "cmpl-1",
        "gen_ai.response.model": "gpt-3.5-turbo-instruct",
        "gen_ai.response.finish_reasons": ["stop", "length"],
        "gen_ai.usage.input_tokens": 2,
        "gen_ai.usage.output_tokens": 3,
    }


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"id": 5, "model": "", "choices": None},
        {"id": "", "model": [], "choices": "x"},
        {"choices": [None, 5, {}, {"finish_reason": None}, {"finish_reason": 5}]},
    ],
)
def test_what_is_not_said_is_not_told(answer: Any) -> None:
    assert gen_ai_answer(answer, {}) == {}
    assert answered_model(answer) == {}


def test_answered_model() -> None:
    assert answered_model(ANSWER) == {"model": "gpt-3.5-turbo-instruct"}


def test_facts() -> None:
    assert facts({"a": 0, "b": None, "c": "x"}, "a", "b", "d") == {"a": 0}


def test_items() -> None:
    assert [items(value) for value in ([1], None, "x", {"a": 1})] == [[1], [], [], []]
