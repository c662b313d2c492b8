"""The items of the span conventions that concern LiteLLM, by number, for both kinds of answer.

The provider here is Anthropic's, whose caches, tools and thinking litellm puts into OpenAI's form. 14, 15 and
18 concern other forms; 38 to 40 and 63 to 79 are the encoder's and the attachments'.
"""

from collections.abc import Callable
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan

from fake_anthropic import FakeAnthropic, block, delta, end, message, start, streamed, text, tool_use, whole
from fake_openai import FakeOpenAI, completion
from fake_openai import whole as openai_whole
from litellm_forms import litellm, options
from span_reading import attribute
from spanscore.integrations import _call
from spanscore.testing import RecordedRecords

pytestmark = pytest.mark.usefixtures("patched")

MODEL = "claude-sonnet-4-5-20250929"
FUNCTION = {
    "type": "function",
    "function": {"name": "weather", "parameters": {"type": "object", "properties": {}}},
}
CALLED = {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": '{"city": "Rome"}'}}
MESSAGES = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": [{"type": "text", "text": "What is the weather?"}]},
    {"role": "assistant", "content": None, "tool_calls": [CALLED]},
    {"role": "tool", "tool_call_id": "c1", "content": "sunny"},
]
PROMPT = {"id": "p1", "project_id": "j1", "version": "7", "variables": {"a": 1}}
REQUEST: Any = {
    "model": f"anthropic/{MODEL}",
    "messages": MESSAGES,
    "tools": [FUNCTION],
    "tool_choice": {"type": "function", "function": {"name": "weather"}},
    "parallel_tool_calls": True,
    "temperature": 0.5,
    "max_tokens": 99,
    "stop": ["END"],
    "user": "u",
    "api_key": "none",
    "span_info": {"metadata": {"prompt": PROMPT}},
}
USAGE: Any = {
    "input_tokens": 12,
    "cache_creation_input_tokens": 30,
    "cache_read_input_tokens": 20,
    "cache_creation": {"ephemeral_5m_input_tokens": 10, "ephemeral_1h_input_tokens": 20},
    "output_tokens": 5,
}
CALL = {
    "id": "toolu_1",
    "type": "function",
    "function": {"name": "weather", "arguments": '{"city": "Paris"}'},
}


def whole_span(recorded: RecordedRecords) -> ReadableSpan:
    answer = message("Let me see.", tool_use(city="Paris"), model=MODEL, usage=USAGE, stop_reason="tool_use")
    with FakeAnthropic(whole(answer)) as server:
        litellm.completion(**REQUEST, api_base=server.url)
        assert "span_info" not in str(server.received[0].body)
    (span,) = recorded.spans
    return span


def streamed_span(recorded: RecordedRecords) -> ReadableSpan:
    events = [
        start(model=MODEL, usage={**USAGE, "output_tokens": 1}),
        *block(0, text(""), delta(0, "text_delta", text="Let me"), delta(0, "text_delta", text=" see.")),
        *block(
            1,
            tool_use(),
            delta(1, "input_json_delta", partial_json='{"city"'),
            delta(1, "input_json_delta", partial_json=': "Paris"}'),
        ),
        *end("tool_use", 5),
    ]
    with FakeAnthropic(streamed(events)) as server:
        list(litellm.completion(**REQUEST, stream=True, api_base=server.url))
        assert "span_info" not in str(server.received[0].body)
    (span,) = recorded.spans
    return span


Make = Callable[[RecordedRecords], ReadableSpan]
both_kinds = pytest.mark.parametrize("make", [whole_span, streamed_span], ids=["whole", "streamed"])


@both_kinds
def test_10_11_12_26_one_llm_span_a_call(make: Make, recorded: RecordedRecords) -> None:
    span = make(recorded)
    assert (span.name, attribute(span, "span_attributes")) == ("Chat Completion", {"type": "llm"})


@both_kinds
def test_13_19_the_whole_conversation_is_the_input(make: Make, recorded: RecordedRecords) -> None:
    assert attribute(make(recorded), "input_json") == MESSAGES


@both_kinds
def test_16_17_32_the_output_is_openais_choices(make: Make, recorded: RecordedRecords) -> None:
    assert attribute(make(recorded), "output_json") == [
        {
            "index": 0,
            "message": {"role": "assistant", "content": "Let me see.", "tool_calls": [CALL]},
            "finish_reason": "tool_calls",
        }
    ]


@both_kinds
def test_9_20_23_24_25_27_28_metadata(make: Make, recorded: RecordedRecords) -> None:
    metadata = attribute(make(recorded), "metadata")
    assert metadata == {
        "prompt": PROMPT,
        "provider": "anthropic",
        "model": MODEL,
        "temperature": 0.5,
        "max_tokens": 99,
        "stop": ["END"],
        "parallel_tool_calls": True,
        "tools": [FUNCTION],
        "tool_choice": {"type": "function", "function": {"name": "weather"}},
    }


def test_21_without_tools_nothing_is_told_of_them(recorded: RecordedRecords) -> None:
    with FakeAnthropic() as server:
        asked: Any = {"model": REQUEST["model"], "messages": MESSAGES[:2], "api_key": "none"}
        litellm.completion(**asked, api_base=server.url)
    assert attribute(recorded.spans[0], "metadata").keys() == {"provider", "model"}


@both_kinds
def test_29_34_41_42_51_52_53_59_61_metrics(make: Make, recorded: RecordedRecords) -> None:
    """What was read from and written to the cache is within the prompt's tokens, once."""
    metrics = attribute(make(recorded), "metrics")
    assert (metrics.pop("time_to_first_token", None) is not None) is (make is streamed_span)
    assert metrics == {
        "prompt_tokens": 62,
        "completion_tokens": 5,
        "tokens": 67,
        "prompt_cached_tokens": 20,
        "prompt_cache_creation_5m_tokens": 10,
        "prompt_cache_creation_1h_tokens": 20,
    }


def test_33_seconds_to_the_first_token_count_from_the_request(
    recorded: RecordedRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = iter(range(100, 10_000, 7))
    monkeypatch.setattr(_call, "time", Ticking(ticks))
    span = streamed_span(recorded)
    assert attribute(span, "metrics")["time_to_first_token"] == 7.0


class Ticking:
    """A clock of our own: litellm looks at the common one."""

    def __init__(self, ticks: Any) -> None:
        self._ticks = ticks

    def perf_counter(self) -> float:
        return float(next(self._ticks))


@both_kinds
def test_44_46_attributes_are_json_and_say_where_they_are_from(make: Make, recorded: RecordedRecords) -> None:
    span = make(recorded)
    assert attribute(span, "context_json")["span_origin"]["name"] == "spanscore"
    named = [name for name in span.attributes or {} if name.startswith("braintrust.")]
    assert sorted(named) == [
        f"braintrust.{name}"
        for name in ("context_json", "input_json", "metadata", "metrics", "output_json", "span_attributes")
    ]


@both_kinds
def test_opentelemetrys_attributes(make: Make, recorded: RecordedRecords) -> None:
    attributes = dict(make(recorded).attributes or {})
    assert str(attributes.pop("gen_ai.response.id")).startswith("chatcmpl-")
    attributes.pop("server.port")
    assert {name: value for name, value in attributes.items() if not name.startswith("braintrust.")} == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "anthropic",
        "gen_ai.request.model": MODEL,
        "gen_ai.request.max_tokens": 99,
        "gen_ai.request.temperature": 0.5,
        "gen_ai.response.model": MODEL,
        "gen_ai.response.finish_reasons": ("tool_calls",),
        "gen_ai.usage.input_tokens": 62,
        "gen_ai.usage.output_tokens": 5,
        "server.address": "127.0.0.1",
    }


THINKING = {"type": "thinking", "thinking": "Paris, then.", "signature": "s1"}


@pytest.mark.parametrize("is_streamed", [False, True])
def test_36_37_reasoning_is_kept(is_streamed: bool, recorded: RecordedRecords) -> None:
    events = [
        start(model=MODEL),
        *block(
            0,
            {"type": "thinking", "thinking": "", "signature": ""},
            delta(0, "thinking_delta", thinking="Paris,"),
            delta(0, "thinking_delta", thinking=" then."),
            delta(0, "signature_delta", signature="s1"),
        ),
        *block(1, text(""), delta(1, "text_delta", text="Sunny.")),
        *end(),
    ]
    reply = streamed(events) if is_streamed else whole(message(THINKING, "Sunny.", model=MODEL))
    asked: Any = {"model": REQUEST["model"], "messages": MESSAGES[:2], "api_key": "none"}
    with FakeAnthropic(reply) as server:
        answer = litellm.completion(**asked, stream=is_streamed, api_base=server.url)
        if is_streamed:
            list(answer)
    (choice,) = attribute(recorded.spans[0], "output_json")
    assert choice["message"]["content"] == "Sunny."
    assert choice["message"]["reasoning_content"] == "Paris, then."
    # litellm would count these tokens itself, in the text.
    assert "completion_reasoning_tokens" not in attribute(recorded.spans[0], "metrics")


def test_16_several_choices_are_all_told(recorded: RecordedRecords) -> None:
    with FakeOpenAI(openai_whole(completion("a", "b"))) as server:
        litellm.completion("openai/gpt-4o-mini", MESSAGES[:2], n=2, **options(server.url))
    choices = attribute(recorded.spans[0], "output_json")
    assert [(choice["index"], choice["message"]["content"]) for choice in choices] == [(0, "a"), (1, "b")]
