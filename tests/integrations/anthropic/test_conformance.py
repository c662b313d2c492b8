"""The items of the span conventions that concern messages, by number, for both kinds of answer."""

import types
from collections.abc import Callable
from typing import Any

import pytest
from anthropic import Anthropic
from opentelemetry import context as otel_context
from opentelemetry.sdk.trace import ReadableSpan

from anthropic_forms import ASKED, OPTIONS, bare, client_of
from fake_anthropic import (
    MODEL,
    FakeAnthropic,
    Json,
    block,
    delta,
    end,
    message,
    start,
    streamed,
    text,
    text_block,
    text_events,
    tool_use,
    whole,
)
from span_reading import attribute, told
from spanscore import start_span, wrap_anthropic
from spanscore.integrations import _call
from spanscore.testing import RecordedRecords
from spanscore.tracing import context_with

SCHEMA: Json = {"type": "object", "properties": {"city": {"type": "string"}}}
CUSTOM = {"name": "weather", "description": "The weather", "input_schema": SCHEMA, "strict": True}
FUNCTION = {
    "type": "function",
    "function": {"name": "weather", "description": "The weather", "parameters": SCHEMA, "strict": True},
}
NATIVE = {"type": "web_search_20250305", "name": "web_search", "max_uses": 2}
IMAGE = {"type": "image", "source": {"type": "url", "url": "https://example.com/cat.png"}}
ENCODED = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "!!!"}}
THINKING = {"type": "thinking", "thinking": "so", "signature": "Eq=="}
RESULT = {"type": "tool_result", "tool_use_id": "toolu_9", "content": "sunny"}
MESSAGES: list[Json] = [
    {"role": "user", "content": [text("What is this?"), IMAGE, ENCODED]},
    {"role": "assistant", "content": [THINKING, tool_use(9, city="Rome")]},
    {"role": "user", "content": [RESULT]},
]
SYSTEM = [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}]
PROMPT = {"id": "p1", "project_id": "j1", "version": "7", "variables": {"a": 1}}
REQUEST: Json = {
    "model": MODEL,
    "max_tokens": 99,
    "messages": MESSAGES,
    "system": SYSTEM,
    "tools": [CUSTOM, NATIVE],
    "tool_choice": {"type": "any", "disable_parallel_tool_use": True},
    "stop_sequences": ["END"],
    "metadata": {"user_id": "of the request"},
    "extra_headers": {"anthropic-beta": "extended-cache-ttl-2025-04-11"},
    "extra_body": {
        "temperature": 0.5,
        "top_p": 0.9,
        "top_k": 5,
        "span_info": {"metadata": {"prompt": PROMPT}},
    },
}
USAGE: Json = {
    "input_tokens": 10,
    "cache_creation_input_tokens": 30,
    "cache_read_input_tokens": 60,
    "cache_creation": {"ephemeral_5m_input_tokens": 20, "ephemeral_1h_input_tokens": 10},
    "output_tokens": 48,
    "output_tokens_details": {"thinking_tokens": 16},
    "server_tool_use": {"web_search_requests": 1},
    "service_tier": "standard",
}
CALLS = [tool_use(1, city="Rome"), tool_use(2)]
WHOLE = message(THINKING, "Let me see.", *CALLS, stop_reason="tool_use", usage=USAGE)
STREAMED = [
    start(usage={**USAGE, "output_tokens": 1, "output_tokens_details": None}),
    *block(
        0,
        {**THINKING, "thinking": "", "signature": ""},
        delta(0, "thinking_delta", thinking="so"),
        delta(0, "signature_delta", signature="Eq=="),
    ),
    *text_block(1, "Let me", " see."),
    *block(2, tool_use(1), delta(2, "input_json_delta", partial_json='{"city": "Rome"}')),
    *block(3, tool_use(2), delta(3, "input_json_delta", partial_json="")),
    *end("tool_use", 48, output_tokens_details=USAGE["output_tokens_details"]),
]
METADATA_KEYS = {
    *("model", "provider", "temperature", "top_p", "max_tokens", "stop", "response_format"),
    *("tools", "tool_choice", "parallel_tool_calls", "prompt"),
}
METRIC_KEYS = {
    *("tokens", "prompt_tokens", "completion_tokens", "time_to_first_token"),
    *("completion_reasoning_tokens", "prompt_cached_tokens"),
    *("prompt_cache_creation_5m_tokens", "prompt_cache_creation_1h_tokens"),
}
JSON_KEYS = {"input_json", "output_json", "metadata", "metrics", "span_attributes", "context_json"}


def keys(span: ReadableSpan) -> set[str]:
    return {key.removeprefix("braintrust.") for key in span.attributes or {} if key.startswith("braintrust.")}


def metadata(span: ReadableSpan) -> Json:
    return attribute(span, "metadata")


def metrics(span: ReadableSpan) -> Json:
    return attribute(span, "metrics")


def inputs(span: ReadableSpan) -> list[Json]:
    return attribute(span, "input_json")


def content(span: ReadableSpan) -> list[Json]:
    return attribute(span, "output_json")["content"]


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
    "13 the input is all messages": lambda span: inputs(span)[:3] == MESSAGES,
    "14 the system prompt is the last message": lambda span: (
        inputs(span)[3:] == [{"role": "system", "content": SYSTEM}]
    ),
    "16 the output is the bare message": lambda span: (
        set(attribute(span, "output_json")) == {"role", "content", "stop_reason"}
    ),
    "18 the input of a tool is an object": lambda span: content(span)[2:] == CALLS,
    "19 tool results keep their call's id": lambda span: (
        inputs(span)[2]["content"][0]["tool_use_id"] == inputs(span)[1]["content"][1]["id"] == "toolu_9"
    ),
    "20 tools are metadata": lambda span: metadata(span)["tools"] == [FUNCTION, NATIVE],
    "20 tools are not input": lambda span: "strict" not in str(inputs(span)),
    "21 strict is kept": lambda span: metadata(span)["tools"][0]["function"]["strict"] is True,
    "22 native tools keep their type": lambda span: metadata(span)["tools"][1] == NATIVE,
    "23 tool_choice": lambda span: metadata(span)["tool_choice"] == "required",
    "24 parallel_tool_calls": lambda span: metadata(span)["parallel_tool_calls"] is False,
    "25 the prompt is metadata": lambda span: metadata(span)["prompt"] == PROMPT,
    "26 the prompt is not input": lambda span: "p1" not in str(inputs(span)),
    "27 provider, and the response's model": lambda span: (
        (metadata(span)["provider"], metadata(span)["model"]) == ("anthropic", MODEL)
    ),
    "28 the listed parameters": lambda span: (
        [metadata(span)[name] for name in ("temperature", "top_p", "max_tokens", "stop")]
        == [0.5, 0.9, 99, ["END"]]
    ),
    "29 token counts": lambda span: (
        [metrics(span)[name] for name in ("tokens", "prompt_tokens", "completion_tokens")] == [148, 100, 48]
    ),
    "35 reasoning tokens": lambda span: metrics(span)["completion_reasoning_tokens"] == 16,
    "36 reasoning is output, as the provider gives it": lambda span: content(span)[0] == THINKING,
    "37 earlier reasoning and answers are in the input": lambda span: (
        inputs(span)[1]["content"] == [THINKING, tool_use(9, city="Rome")]
    ),
    "38 remote media stay where they are": lambda span: IMAGE in inputs(span)[0]["content"],
    "39 undecodable media stay as they are": lambda span: ENCODED in inputs(span)[0]["content"],
    "41 cached tokens": lambda span: metrics(span)["prompt_cached_tokens"] == 60,
    "44 attributes are JSON texts": lambda span: all(
        isinstance((span.attributes or {})[f"braintrust.{key}"], str) for key in keys(span)
    ),
    "45 the container": lambda span: (span.attributes or {})["braintrust.parent"] == "project_name:test",
    "46 the origin": lambda span: "context_json" in keys(span),
    "47 no environment": lambda span: not any("environment" in key for key in keys(span)),
    "51 counts are whole numbers": lambda span: all(
        type(value) is int for name, value in metrics(span).items() if name != "time_to_first_token"
    ),
    "52 the prompt includes what the cache took and gave": lambda span: (
        metrics(span)["prompt_tokens"] == 10 + 60 + 30
    ),
    "53 canonical names": lambda span: not {"input_tokens", "output_tokens"} & set(metrics(span)),
    "59 by lifetime, and not as one": lambda span: (
        (
            metrics(span)["prompt_cache_creation_5m_tokens"],
            metrics(span)["prompt_cache_creation_1h_tokens"],
            "prompt_cache_creation_tokens" in metrics(span),
        )
        == (20, 10, False)
    ),
}


@pytest.fixture
def spans(server: FakeAnthropic, recorded: RecordedRecords) -> dict[str, ReadableSpan]:
    server.reply(whole(WHOLE), streamed(STREAMED))
    token = otel_context.attach(context_with(parent="project_name:test"))
    with client_of(server.url) as client:
        client.messages.create(**REQUEST)
        list(client.messages.create(**REQUEST, stream=True))
    otel_context.detach(token)
    first, second = recorded.spans
    return {"whole": first, "streamed": second}


@pytest.mark.parametrize("form", ["whole", "streamed"])
@pytest.mark.parametrize("conforms", ITEMS.values(), ids=ITEMS.keys())
def test_item(conforms: Callable[[ReadableSpan], bool], form: str, spans: dict[str, ReadableSpan]) -> None:
    assert conforms(spans[form])


def test_item_10_one_span_a_call_that_ends_with_the_stream(
    server: FakeAnthropic, recorded: RecordedRecords
) -> None:
    server.reply(streamed(text_events("a", "b")))
    with client_of(server.url) as client:
        stream = client.messages.create(**ASKED, stream=True)
        ended = [len(recorded.spans) for _ in stream]
    assert set(ended) == {0}
    assert len(recorded.spans) == 1


def test_item_12_the_name_says_whether_the_answer_is_streamed(spans: dict[str, ReadableSpan]) -> None:
    assert spans["whole"].name == "anthropic.messages.create"
    assert spans["streamed"].name == "anthropic.messages.stream"


def test_item_21_no_tools_no_key(server: FakeAnthropic, recorded: RecordedRecords) -> None:
    with client_of(server.url) as client:
        client.messages.create(**ASKED, tools=[])
    assert set(metadata(recorded.spans[0])) == {"provider", "model", "max_tokens"}


def test_item_26_carriers_are_not_sent(spans: dict[str, ReadableSpan], server: FakeAnthropic) -> None:
    assert [set(received.body) & {"span_info", "prompt"} for received in server.received] == [set(), set()]


def test_item_28_the_form_of_the_answer(server: FakeAnthropic, recorded: RecordedRecords) -> None:
    form = {"type": "json_schema", "schema": SCHEMA}
    with client_of(server.url) as client:
        client.messages.create(**ASKED, extra_body={"output_config": {"format": form, "effort": "low"}})
    assert metadata(recorded.spans[0])["response_format"] == form


def test_item_32_a_stream_is_told_like_a_whole_answer(spans: dict[str, ReadableSpan]) -> None:
    expected = told(spans["whole"])
    assert told(spans["streamed"]) == {
        **expected,
        "metrics": {**expected["metrics"], "time_to_first_token": True},
    }


def test_item_33_the_first_token_is_timed_from_the_request_on(
    server: FakeAnthropic, recorded: RecordedRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(_call, "time", types.SimpleNamespace(perf_counter=lambda: now[0]))

    class Slow(Anthropic):
        def request(self, *args: Any, **kwargs: Any) -> Any:
            now[0] += 8
            return super().request(*args, **kwargs)

    with wrap_anthropic(Slow(base_url=server.url, **OPTIONS)) as client:
        stream = client.messages.create(**ASKED, stream=True)
        now[0] += 4
        for _ in stream:
            now[0] += 2
    assert metrics(recorded.spans[0])["time_to_first_token"] == 12


def test_item_34_the_callers_stream_is_not_changed(server: FakeAnthropic, recorded: RecordedRecords) -> None:
    with client_of(server.url) as client:
        list(client.messages.create(**ASKED, stream=True))
    assert server.received[0].body == {**ASKED, "stream": True}


def test_item_54_a_scorers_calls_say_so(server: FakeAnthropic, recorded: RecordedRecords) -> None:
    token = otel_context.attach(context_with(purpose="scorer"))
    with client_of(server.url) as client:
        client.messages.create(**ASKED)
    otel_context.detach(token)
    assert attribute(recorded.spans[0], "span_attributes") == {"type": "llm", "purpose": "scorer"}


def test_item_55_a_sum_is_no_call_of_a_model(server: FakeAnthropic, recorded: RecordedRecords) -> None:
    with client_of(server.url) as client, start_span("agent", type="task"):
        client.messages.create(**ASKED)
    kinds = [(span.name, attribute(span, "span_attributes")["type"]) for span in recorded.spans]
    assert kinds == [("anthropic.messages.create", "llm"), ("agent", "task")]


@pytest.mark.parametrize("breakdown", [{}, {"cache_creation": None}])
def test_item_60_a_missing_breakdown_is_no_error(
    breakdown: Json, server: FakeAnthropic, recorded: RecordedRecords
) -> None:
    usage = {"input_tokens": 10, "cache_creation_input_tokens": 30, "output_tokens": 1, **breakdown}
    server.reply(whole(message("a", usage=usage)))
    with client_of(server.url) as client:
        client.messages.create(**ASKED)
    assert metrics(recorded.spans[0]) == {
        "prompt_tokens": 40,
        "completion_tokens": 1,
        "prompt_cache_creation_tokens": 30,
        "tokens": 41,
    }


def test_item_62_the_header_for_betas_is_the_callers(server: FakeAnthropic) -> None:
    betas: Any = ["a-2025-01-01", "b-2025-01-01"]
    for wrap in (bare, wrap_anthropic):
        with client_of(server.url, wrap=wrap) as client:
            client.messages.create(**ASKED)
            client.messages.create(**ASKED, extra_headers={"anthropic-beta": "x-2025-01-01"})
            client.beta.messages.create(**ASKED, betas=betas)
    sent = [received.headers.get("anthropic-beta") for received in server.received]
    assert sent[:3] == sent[3:]
    assert sent[:2] == [None, "x-2025-01-01"]
