"""Answers are told in OpenAI's form, with who gave them, and without what says nothing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litellm_forms import litellm
from spanscore.integrations._endpoint import Description
from spanscore.integrations.litellm._answer import HIDDEN, USAGES, answered, told_choices
from spanscore.integrations.litellm._endpoints import CHAT

CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}


def test_choices_are_told_without_what_says_nothing() -> None:
    message = {
        "role": "assistant",
        "content": None,
        "tool_calls": [{**CALL, "index": 3}],
        "function_call": None,
        "reasoning_content": "hm",
        "provider_specific_fields": {"refusal": None},
    }
    choice = {"index": 0, "finish_reason": None, "logprobs": None, "provider_specific_fields": {}}
    assert told_choices([{**choice, "message": message}]) == [
        {
            "index": 0,
            "finish_reason": None,
            "message": {
                "role": "assistant",
                "content": None,
                "tool_calls": [CALL],
                "reasoning_content": "hm",
            },
        }
    ]


def test_log_probabilities_are_told() -> None:
    assert told_choices([{"logprobs": {"content": []}}]) == [{"logprobs": {"content": []}}]


@pytest.mark.parametrize(
    "choices", [None, 5, "x", [], [None, 5], [{"message": 5}], [{"message": {"tool_calls": 5}}]]
)
def test_deviating_choices_are_told_as_they_are(choices: Any) -> None:
    assert told_choices(choices) == choices


def test_litellms_own_answer() -> None:
    answer = litellm.ModelResponse(
        model="claude-x",
        choices=[{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "hi"}}],
        usage={"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12},
    )
    answer._hidden_params = {"litellm_model_name": "anthropic/claude-x"}
    described = CHAT.response(answer)
    assert described.output == [
        {"finish_reason": "stop", "index": 0, "message": {"content": "hi", "role": "assistant"}}
    ]
    assert described.metadata == {"model": "claude-x", "provider": "anthropic"}
    assert described.metrics == {"prompt_tokens": 5, "completion_tokens": 7, "tokens": 12}


def test_who_answered_and_with_which_model_comes_from_hidden_parameters() -> None:
    answer = {
        "model": "group",
        HIDDEN: {"custom_llm_provider": "azure", "provider_response_model": "gpt-4o-mini-2024-07-18"},
        USAGES: [{"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}],
    }
    described = answered(answer, Description(output="hi", metadata={"model": "group"}))
    assert described == Description(
        output="hi",
        metadata={"model": "gpt-4o-mini-2024-07-18", "provider": "azure"},
        metrics={"prompt_tokens": 1, "completion_tokens": 2, "tokens": 3},
        attributes={
            "gen_ai.provider.name": "azure.ai.openai",
            "gen_ai.response.model": "gpt-4o-mini-2024-07-18",
            "gen_ai.usage.input_tokens": 1,
            "gen_ai.usage.output_tokens": 2,
        },
    )


NAMES = [
    "model",
    "choices",
    "message",
    "content",
    "tool_calls",
    "usage",
    HIDDEN,
    "custom_llm_provider",
    USAGES,
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=10,
)


@given(VALUES)
def test_an_answer_of_any_shape_can_be_described(answer: Any) -> None:
    CHAT.response(answer)
