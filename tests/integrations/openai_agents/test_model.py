"""Model calls of agents are described as those of the clients that make them."""

# The package may be absent where types are checked.
# pyright: reportMissingImports=false

from typing import Any

import pytest
from agents.tracing import GenerationSpanData, ResponseSpanData, SpeechSpanData, TranscriptionSpanData
from hypothesis import given, settings
from hypothesis import strategies as st
from openai.types.responses import Response

from fake_responses import message, response
from spanscore.integrations.openai_agents import _model

USAGE = {
    "requests": 1,
    "input_tokens": 5,
    "output_tokens": 7,
    "total_tokens": 12,
    "input_tokens_details": {"cached_tokens": 3},
    "output_tokens_details": {"reasoning_tokens": 2},
}
TOKENS = {
    "tokens": 12,
    "prompt_tokens": 5,
    "completion_tokens": 7,
    "prompt_cached_tokens": 3,
    "completion_reasoning_tokens": 2,
}
UNKNOWN = {
    "requests": 1,
    "input_tokens": 0,
    "output_tokens": 0,
    "total_tokens": 0,
    "input_tokens_details": {"cached_tokens": 0},
    "output_tokens_details": {"reasoning_tokens": 0},
}


def test_a_response_repeats_what_was_asked() -> None:
    tool = {"type": "function", "name": "add", "parameters": {}, "strict": True}
    answer = response(
        message("five"), instructions="be", tools=[tool], tool_choice="required", temperature=0.5
    )
    data = ResponseSpanData(
        response=Response.model_validate(answer), input=[{"role": "user", "content": "2+3?"}]
    )
    asked = _model.asked_for_response(data)
    assert asked.input == [{"role": "system", "content": "be"}, {"role": "user", "content": "2+3?"}]
    assert asked.metadata["model"] == answer["model"]
    assert asked.metadata["provider"] == "openai"
    assert asked.metadata["tool_choice"] == "required"
    assert asked.metadata["temperature"] == 0.5
    assert asked.metadata["tools"] == [
        {"type": "function", "function": {"name": "add", "parameters": {}, "strict": True}}
    ]
    assert asked.attributes["gen_ai.provider.name"] == "openai"
    told = _model.responded(data)
    assert told.output == [message("five")]
    assert told.metrics["prompt_tokens"] == 5


def test_a_response_that_is_not_to_be_traced_has_its_tokens() -> None:
    data = ResponseSpanData()
    assert _model.asked_for_response(data).input is None
    assert (_model.responded(data).output, _model.responded(data).metrics) == (None, {})
    later: Any = ResponseSpanData()
    later.usage = USAGE
    assert _model.responded(later).metrics == TOKENS


CHAT: dict[str, Any] = {
    "input": [{"role": "user", "content": "2+3?"}],
    "model": "gpt-4o-mini",
    "model_config": {
        "temperature": 0.5,
        "top_p": None,
        "tool_choice": "any",
        "base_url": "https://api.openai.com",
    },
}


def test_a_chat() -> None:
    said = {"role": "assistant", "content": "five", "refusal": None, "tool_calls": None}
    data = GenerationSpanData(**CHAT, output=[said], usage=USAGE)
    asked = _model.asked_for_chat(data)
    assert asked.input == CHAT["input"]
    assert asked.metadata == {
        "model": "gpt-4o-mini",
        "provider": "openai",
        "temperature": 0.5,
        "tool_choice": "required",
    }
    told = _model.chatted(data)
    assert told.output == [{"index": 0, "message": {"role": "assistant", "content": "five"}}]
    assert told.metrics == TOKENS


def test_zeros_that_nobody_reported_are_not_told() -> None:
    assert _model.chatted(GenerationSpanData(usage=UNKNOWN)).metrics == {}
    assert _model.chatted(GenerationSpanData()).output is None


def test_a_chat_that_was_streamed_is_told_as_one_that_was_not() -> None:
    call = {"type": "function_call", "call_id": "c1", "name": "add", "arguments": '{"a":'}
    data = GenerationSpanData(output=[response(message("fi"), message("ve"), call)])
    assert _model.chatted(data).output == [
        {
            "index": 0,
            "message": {
                "role": "assistant",
                "content": "five",
                "tool_calls": [
                    {"id": "c1", "type": "function", "function": {"name": "add", "arguments": '{"a":'}}
                ],
            },
        }
    ]
    data = GenerationSpanData(output=[response(call)])
    assert _model.chatted(data).output[0]["message"]["content"] is None


@pytest.mark.parametrize(
    ("model", "settings", "provider", "gen_ai_name"),
    [
        ("gpt-4o", {}, "openai", "openai"),
        ("gpt-4o", {"base_url": "https://api.groq.com/openai/v1"}, "groq", "groq"),
        ("gpt-4o", {"base_url": "https://acme.openai.azure.com"}, "azure", "azure.ai.openai"),
        ("anthropic/claude", {"base_url": "", "model_impl": "litellm"}, "anthropic", "anthropic"),
        ("openai/gpt-4o", {"base_url": "https://openrouter.ai/api/v1"}, "openrouter", "openrouter"),
    ],
)
def test_the_provider_is_whoever_bills(
    model: str, settings: dict[str, Any], provider: str, gen_ai_name: str
) -> None:
    asked = _model.asked_for_chat(GenerationSpanData(model=model, model_config=settings))
    assert asked.metadata["provider"] == provider
    assert asked.attributes["gen_ai.provider.name"] == gen_ai_name


def test_voices() -> None:
    heard = TranscriptionSpanData(input="AAAA", input_format="pcm", output="hi", model="whisper-1")
    asked = _model.asked_to_transcribe(heard)
    audio = {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "pcm"}}
    assert asked.input == [{"role": "user", "content": [audio]}]
    assert asked.metadata == {"model": "whisper-1", "provider": "openai"}
    said = SpeechSpanData(input="hi", output="AAAA", output_format="pcm", model="tts-1")
    assert _model.asked_to_speak(said).input == "hi"
    assert _model.spoken(said).output == {"data": "AAAA", "format": "pcm"}
    silent = SpeechSpanData(input="", output="")
    assert (_model.asked_to_speak(silent).input, _model.spoken(silent).output) == (None, None)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["output", "content", "type", "text", "usage", "input_tokens"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(given=ANYTHING, output=st.none() | st.lists(ANYTHING, max_size=3), usage=ANYTHING, config=ANYTHING)
def test_no_span_is_too_strange(given: Any, output: Any, usage: Any, config: Any) -> None:
    data = GenerationSpanData(input=given, output=output, model=given, model_config=config, usage=usage)
    _model.asked_for_chat(data)
    _model.chatted(data)
    data = ResponseSpanData(response=Response.model_construct(output=output, usage=usage), input=given)
    _model.asked_for_response(data)
    _model.responded(data)
