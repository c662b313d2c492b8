"""A model call is described by what LangChain says of it, whatever that is."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, HumanMessage
from langchain_core.outputs import ChatGeneration, Generation, LLMResult

from spanscore.integrations.langchain._model import answered, asked_of_chat, asked_of_text

USAGE: Any = {"input_tokens": 5, "output_tokens": 2, "total_tokens": 7}


def test_a_chat() -> None:
    told = asked_of_chat(
        [HumanMessage("hi")],
        {"model_name": "gpt-4o", "temperature": 0.0, "seed": 7, "_type": "openai-chat"},
        {"ls_provider": "openai", "ls_model_name": "gpt-4o-mini"},
    )
    assert told.input == [{"role": "user", "content": "hi"}]
    assert told.metadata == {"model": "gpt-4o-mini", "provider": "openai", "temperature": 0.0}
    assert told.more == {"seed": 7}
    assert told.attributes == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-4o-mini",
        "gen_ai.request.temperature": 0.0,
    }


@pytest.mark.parametrize(
    ("said", "kind", "name", "gen_ai_name"),
    [
        ("anthropic", None, "anthropic", "anthropic"),
        ("google_genai", None, "google", "gcp.gemini"),
        ("google_vertexai", None, "google", "gcp.vertex_ai"),
        ("amazon_bedrock", None, "bedrock", "aws.bedrock"),
        ("azure", None, "azure", "azure.ai.openai"),
        ("mistralai", None, "mistral", "mistral_ai"),
        ("acme", None, "acme", "acme"),
        (None, "openai-chat", "openai", "openai"),
        (None, None, None, None),
    ],
)
def test_the_provider_is_whoever_bills(
    said: str | None, kind: str | None, name: str | None, gen_ai_name: str | None
) -> None:
    told = asked_of_chat([], {"_type": kind}, {"ls_provider": said})
    assert told.metadata.get("provider") == name
    assert told.attributes.get("gen_ai.provider.name") == gen_ai_name


def test_a_model_that_completes_text() -> None:
    told = asked_of_text("Once", {"model": "gpt-3.5-turbo-instruct", "_type": "openai"}, None)
    assert told.input == [{"role": "user", "content": "Once"}]
    assert told.metadata == {"model": "gpt-3.5-turbo-instruct", "provider": "openai"}
    assert told.attributes["gen_ai.operation.name"] == "text_completion"
    answer = answered(LLMResult(generations=[[Generation(text="upon")]], llm_output={"model_name": "x"}))
    assert answer.output == [
        {"index": 0, "finish_reason": None, "message": {"role": "assistant", "content": "upon"}}
    ]
    assert answer.metadata == {"model": "x"}


def test_an_answer() -> None:
    message = AIMessage(
        "ho",
        usage_metadata=USAGE,
        response_metadata={"model_name": "gpt-4o-mini-2024", "finish_reason": "stop", "id": "chatcmpl-1"},
    )
    told = answered(LLMResult(generations=[[ChatGeneration(message=message)]]))
    assert told.output == [
        {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "ho"}}
    ]
    assert told.metadata == {"model": "gpt-4o-mini-2024"}
    assert told.metrics == {"prompt_tokens": 5, "completion_tokens": 2, "tokens": 7}
    assert told.attributes == {
        "gen_ai.response.model": "gpt-4o-mini-2024",
        "gen_ai.response.id": "chatcmpl-1",
        "gen_ai.response.finish_reasons": ["stop"],
        "gen_ai.usage.input_tokens": 5,
        "gen_ai.usage.output_tokens": 2,
    }


def test_several_choices_say_the_usage_of_all_once() -> None:
    generations: list[Any] = [
        ChatGeneration(
            message=AIMessage(text, usage_metadata=USAGE), generation_info={"finish_reason": "stop"}
        )
        for text in ("a", "b")
    ]
    told = answered(LLMResult(generations=[generations]))
    assert [(choice["index"], choice["message"]["content"]) for choice in told.output] == [(0, "a"), (1, "b")]
    assert told.metrics["tokens"] == 7


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        ({"stop_reason": "end_turn"}, "end_turn"),
        ({"stopReason": "tool_use"}, "tool_use"),
        ({"done_reason": "stop"}, "stop"),
        ({}, None),
    ],
)
def test_the_reason_to_finish_is_the_providers_word(metadata: dict[str, Any], reason: str | None) -> None:
    generation = ChatGeneration(message=AIMessage("ho", response_metadata=metadata))
    assert answered(LLMResult(generations=[[generation]])).output[0]["finish_reason"] == reason


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["token_usage", "usage", "model", "finish_reason", "stop_reason", "id", "tools", "tool_choice", "type"]
)
FACTS = st.dictionaries(KEYS, ANYTHING, max_size=5)


@settings(deadline=None)
@given(facts=FACTS, info=FACTS, usage=ANYTHING, content=ANYTHING)
def test_no_answer_is_too_strange(facts: Any, info: Any, usage: Any, content: Any) -> None:
    message = AIMessage.model_construct(
        content=content, additional_kwargs=facts, response_metadata=facts, usage_metadata=usage
    )
    generation = ChatGeneration.model_construct(message=message, generation_info=info)
    answered(LLMResult.model_construct(generations=[[generation, None]], llm_output=facts))
    answered(LLMResult.model_construct(generations=content, llm_output=usage))
    answered(content)


@settings(deadline=None)
@given(parameters=FACTS, metadata=ANYTHING, content=ANYTHING)
def test_no_question_is_too_strange(parameters: Any, metadata: Any, content: Any) -> None:
    asked_of_chat([HumanMessage.model_construct(content=content), content], parameters, metadata)
    asked_of_chat(content, content, metadata)
    asked_of_text("hi", {"tools": content, "tool_choice": content}, parameters)
