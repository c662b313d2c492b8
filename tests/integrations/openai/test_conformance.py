"""The items of the span conventions that concern chat completions, by number, for both kinds of answer."""

import types
from collections.abc import Callable
from typing import Any

import pytest
from openai import OpenAI
from opentelemetry import context as otel_context
from opentelemetry.sdk.trace import ReadableSpan

from fake_openai import FakeOpenAI, Json, chunk, completion, streamed, text_chunks, whole
from openai_forms import ASKED, MODEL, OPTIONS, client_of
from span_reading import attribute, told
from spanscore import start_span, wrap_openai
from spanscore.integrations import _call
from spanscore.testing import RecordedRecords
from spanscore.tracing import context_with

FUNCTION = {
    "type": "function",
    "function": {"name": "weather", "strict": True, "parameters": {"type": "object"}},
}
NATIVE = {"type": "custom", "custom": {"name": "grep", "format": {"type": "text"}}}
CALLS = [
    {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": '{"city": "Rome"}'}},
    {"id": "c2", "type": "function", "function": {"name": "weather", "arguments": '{"city": "Par'}},
]
IMAGE = {"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}}
ENCODED = {"type": "image_url", "image_url": {"url": "data:image/png;base64,!!!"}}
MESSAGES = [
    {"role": "system", "content": "Be brief."},
    {"role": "developer", "content": "Use tools."},
    {"role": "user", "content": [{"type": "text", "text": "What is this?"}, IMAGE, ENCODED]},
    {"role": "assistant", "content": None, "tool_calls": [CALLS[0]]},
    {"role": "tool", "tool_call_id": "c1", "content": "sunny"},
]
PROMPT = {"id": "p1", "project_id": "j1", "version": "7", "variables": {"a": 1}}
REQUEST: Json = {
    "model": MODEL,
    "messages": MESSAGES,
    "tools": [FUNCTION, NATIVE],
    "tool_choice": {"type": "function", "function": {"name": "weather"}},
    "parallel_tool_calls": True,
    "temperature": 0.5,
    "top_p": 0.9,
    "max_tokens": 99,
    "frequency_penalty": 0.1,
    "presence_penalty": 0.2,
    "stop": ["END"],
    "response_format": {"type": "text"},
    "seed": 1,
    "user": "u",
    "max_completion_tokens": 98,
    "metadata": {"own": "of the request"},
    "extra_body": {"max_tool_calls": 3, "span_info": {"metadata": {"prompt": PROMPT}}},
}
USAGE = {
    "prompt_tokens": 94,
    "completion_tokens": 48,
    "total_tokens": 142,
    "prompt_tokens_details": {"cached_tokens": 64, "audio_tokens": 0},
    "completion_tokens_details": {"reasoning_tokens": 16, "audio_tokens": 1, "accepted_prediction_tokens": 2},
    "cost": 0.1,
}
MESSAGE = {"role": "assistant", "content": None, "tool_calls": CALLS}
WHOLE = completion(
    choices=[{"index": 0, "message": MESSAGE, "logprobs": None, "finish_reason": "tool_calls"}], usage=USAGE
)
STREAMED = [
    chunk({"role": "assistant", "content": None}),
    chunk({"tool_calls": [{"index": number, **call} for number, call in enumerate(CALLS)]}),
    chunk({}, finish_reason="tool_calls"),
    chunk(usage=USAGE),
]
METADATA_KEYS = {
    "model",
    "provider",
    "temperature",
    "top_p",
    "max_tokens",
    "frequency_penalty",
    "presence_penalty",
    "stop",
    "response_format",
    "tools",
    "tool_choice",
    "parallel_tool_calls",
    "max_tool_calls",
    "prompt",
}
METRIC_KEYS = {
    "tokens",
    "prompt_tokens",
    "completion_tokens",
    "time_to_first_token",
    "completion_reasoning_tokens",
    "prompt_cached_tokens",
    "prompt_audio_tokens",
    "completion_audio_tokens",
}
JSON_KEYS = {"input_json", "output_json", "metadata", "metrics", "span_attributes", "context_json"}


def keys(span: ReadableSpan) -> set[str]:
    return {key.removeprefix("braintrust.") for key in span.attributes or {} if key.startswith("braintrust.")}


def metadata(span: ReadableSpan) -> Json:
    return attribute(span, "metadata")


def metrics(span: ReadableSpan) -> Json:
    return attribute(span, "metrics")


def choice(span: ReadableSpan) -> Json:
    (only,) = attribute(span, "output_json")
    return only


ITEMS: dict[str, Callable[[ReadableSpan], bool]] = {
    "9 nothing that is not listed": lambda span: (
        keys(span) <= {*JSON_KEYS, "parent"}
        and set(metadata(span)) <= METADATA_KEYS
        and set(metrics(span)) <= METRIC_KEYS
    ),
    "9 no content outside input and output": lambda span: (
        not any(
            "sunny" in str(value) for key, value in (span.attributes or {}).items() if "input_json" not in key
        )
    ),
    "11 the type is llm": lambda span: attribute(span, "span_attributes") == {"type": "llm"},
    "12 the name": lambda span: span.name == "Chat Completion",
    "13 the input is all messages, of every role": lambda span: attribute(span, "input_json") == MESSAGES,
    "16 choices with finish_reason, message and index": lambda span: (
        (choice(span)["index"], choice(span)["finish_reason"], set(choice(span)["message"]))
        == (0, "tool_calls", {"role", "content", "tool_calls"})
    ),
    "17 arguments are strings, malformed ones too": lambda span: choice(span)["message"] == MESSAGE,
    "19 tool results keep their call's id": lambda span: (
        attribute(span, "input_json")[4]["tool_call_id"] == "c1"
    ),
    "20 tools are metadata": lambda span: metadata(span)["tools"] == [FUNCTION, NATIVE],
    "20 tools are not input": lambda span: (
        "strict" not in str((span.attributes or {})["braintrust.input_json"])
    ),
    "21 strict is kept": lambda span: metadata(span)["tools"][0]["function"]["strict"] is True,
    "22 native tools keep their type": lambda span: metadata(span)["tools"][1] == NATIVE,
    "23 tool_choice": lambda span: metadata(span)["tool_choice"] == REQUEST["tool_choice"],
    "24 parallel_tool_calls and max_tool_calls": lambda span: (
        (metadata(span)["parallel_tool_calls"], metadata(span)["max_tool_calls"]) == (True, 3)
    ),
    "25 the prompt is metadata": lambda span: metadata(span)["prompt"] == PROMPT,
    "26 the prompt is not input": lambda span: (
        "p1" not in str((span.attributes or {})["braintrust.input_json"])
    ),
    "27 provider, and the response's model": lambda span: (
        (metadata(span)["provider"], metadata(span)["model"]) == ("openai", "gpt-4o-mini-2024-07-18")
    ),
    "28 the listed parameters": lambda span: (
        [metadata(span)[name] for name in ("temperature", "top_p", "max_tokens", "frequency_penalty")]
        == [0.5, 0.9, 99, 0.1]
        and [metadata(span)[name] for name in ("presence_penalty", "stop", "response_format")]
        == [0.2, ["END"], {"type": "text"}]
    ),
    "29 token counts": lambda span: (
        [metrics(span)[name] for name in ("tokens", "prompt_tokens", "completion_tokens")] == [142, 94, 48]
    ),
    "35 reasoning tokens": lambda span: metrics(span)["completion_reasoning_tokens"] == 16,
    "37 earlier assistant messages are in the input": lambda span: (
        attribute(span, "input_json")[3]["tool_calls"] == [CALLS[0]]
    ),
    "38 remote media stay where they are": lambda span: IMAGE in attribute(span, "input_json")[2]["content"],
    "39 undecodable media stay as they are": lambda span: (
        ENCODED in attribute(span, "input_json")[2]["content"]
    ),
    "41 cached and audio tokens": lambda span: (
        [metrics(span)[f"{name}_tokens"] for name in ("prompt_cached", "prompt_audio", "completion_audio")]
        == [64, 0, 1]
    ),
    "42 no other metrics": lambda span: (
        set(metrics(span)) - {"time_to_first_token"} == METRIC_KEYS - {"time_to_first_token"}
    ),
    "44 JSON in strings": lambda span: all(
        isinstance((span.attributes or {})[f"braintrust.{key}"], str) for key in JSON_KEYS
    ),
    "45 the container": lambda span: (span.attributes or {})["braintrust.parent"] == "project_name:chat",
    "46 the origin": lambda span: "name" in attribute(span, "context_json")["span_origin"],
    "47 no environment attributes": lambda span: (
        not any("environment" in key for key in span.attributes or {})
    ),
}


@pytest.fixture
def spans(server: FakeOpenAI, recorded: RecordedRecords) -> dict[str, ReadableSpan]:
    """The span of a whole and of a streamed answer to the same request."""
    server.reply(whole(WHOLE), streamed(STREAMED))
    token = otel_context.attach(context_with(parent="project_name:chat"))
    with client_of(server.url) as client:
        client.chat.completions.create(**REQUEST)
        list(client.chat.completions.create(**REQUEST, stream=True))
    otel_context.detach(token)
    first, second = recorded.spans
    return {"whole": first, "streamed": second}


@pytest.mark.parametrize("form", ["whole", "streamed"])
@pytest.mark.parametrize("conforms", ITEMS.values(), ids=ITEMS.keys())
def test_item(conforms: Callable[[ReadableSpan], bool], form: str, spans: dict[str, ReadableSpan]) -> None:
    assert conforms(spans[form])


def test_item_10_one_span_a_call_that_ends_with_the_stream(
    server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    server.reply(streamed(text_chunks("a", "b")))
    with client_of(server.url) as client:
        stream = client.chat.completions.create(**ASKED, stream=True)
        ended = [len(recorded.spans) for _ in stream]
    assert ended == [0] * 5
    assert len(recorded.spans) == 1


def test_item_21_no_tools_no_key(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    with client_of(server.url) as client:
        client.chat.completions.create(**ASKED, tools=[])
    assert set(metadata(recorded.spans[0])) == {"provider", "model"}


def test_item_26_carriers_are_not_sent(spans: dict[str, ReadableSpan], server: FakeOpenAI) -> None:
    assert [set(received.body) & {"span_info", "prompt"} for received in server.received] == [set(), set()]


def test_item_30_an_agents_spans_are_in_their_real_order(
    server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    with client_of(server.url) as client, start_span("agent", type="task"):
        client.chat.completions.create(**ASKED)
        with start_span("weather", type="tool"):
            pass
        client.chat.completions.create(**ASKED)
    started = sorted(recorded.spans, key=lambda span: span.start_time or 0)
    agent = started[0].get_span_context()
    assert [(span.name, attribute(span, "span_attributes")["type"], span.parent) for span in started] == [
        ("agent", "task", None),
        ("Chat Completion", "llm", agent),
        ("weather", "tool", agent),
        ("Chat Completion", "llm", agent),
    ]


def test_item_32_a_stream_is_told_like_a_whole_answer(spans: dict[str, ReadableSpan]) -> None:
    expected = told(spans["whole"])
    assert told(spans["streamed"]) == {
        **expected,
        "metrics": {**expected["metrics"], "time_to_first_token": True},
    }


def test_item_33_the_first_token_is_timed_from_the_request_on(
    server: FakeOpenAI, recorded: RecordedRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(_call, "time", types.SimpleNamespace(perf_counter=lambda: now[0]))

    class Slow(OpenAI):
        def request(self, *args: Any, **kwargs: Any) -> Any:
            now[0] += 8
            return super().request(*args, **kwargs)

    with wrap_openai(Slow(base_url=server.url, **OPTIONS)) as client:
        stream = client.chat.completions.create(**ASKED, stream=True)
        now[0] += 4
        for _ in stream:
            now[0] += 2
    assert metrics(recorded.spans[0])["time_to_first_token"] == 12


def test_item_34_the_callers_stream_is_not_changed(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(streamed(text_chunks("a")[:-1]))
    with client_of(server.url) as client:
        list(client.chat.completions.create(**ASKED, stream=True))
    assert server.received[0].body == {**ASKED, "stream": True}
    assert set(metrics(recorded.spans[0])) == {"time_to_first_token"}
