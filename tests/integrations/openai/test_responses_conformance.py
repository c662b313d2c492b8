"""The items of the span conventions that concern responses, by number, for both kinds of answer."""

import types
from collections.abc import Callable
from typing import Any

import pytest
from openai import OpenAI
from opentelemetry import context as otel_context
from opentelemetry.sdk.trace import ReadableSpan

from fake_openai import FakeOpenAI, Json, whole
from fake_responses import (
    FUNCTION_CALL,
    MESSAGE,
    REASONING,
    USAGE,
    response,
    streamed_response,
)
from openai_forms import MODEL, OPTIONS, RESPONSE_ASKED, client_of
from span_reading import attribute, told
from spanscore import start_span, wrap_openai
from spanscore.integrations import _call
from spanscore.testing import RecordedRecords
from spanscore.tracing import context_with

FUNCTION = {"name": "weather", "parameters": {"type": "object"}, "strict": True}
NATIVE = {"type": "web_search", "search_context_size": "low"}
EARLIER = {**REASONING, "id": "rs_0"}
SAID = {**MESSAGE, "id": "msg_0"}
CALL = {**FUNCTION_CALL, "id": "fc_0", "call_id": "call_0"}
RESULT = {"type": "function_call_output", "call_id": "call_0", "output": "sunny"}
IMAGE = {"type": "input_image", "image_url": "https://example.com/cat.png", "detail": "auto"}
ENCODED = {"type": "input_image", "image_url": "data:image/png;base64,!!!", "detail": "auto"}
INPUT = [
    {"role": "developer", "content": "Use tools."},
    {"role": "user", "content": [{"type": "input_text", "text": "What is this?"}, IMAGE, ENCODED]},
    EARLIER,
    SAID,
    CALL,
    RESULT,
]
PROMPT = {"id": "p1", "project_id": "j1", "version": "7", "variables": {"a": 1}}
SCHEMA = {"name": "answer", "schema": {"type": "object"}, "strict": True}
REQUEST: Json = {
    "model": MODEL,
    "instructions": "Be brief.",
    "input": INPUT,
    "tools": [{"type": "function", **FUNCTION}, NATIVE],
    "tool_choice": {"type": "function", "name": "weather"},
    "parallel_tool_calls": True,
    "max_tool_calls": 3,
    "temperature": 0.5,
    "top_p": 0.9,
    "text": {"format": {"type": "json_schema", **SCHEMA}},
    "max_output_tokens": 99,
    "store": True,
    "user": "u",
    "metadata": {"own": "of the request"},
    "extra_body": {"span_info": {"metadata": {"prompt": PROMPT}}},
}
ANSWER = response(REASONING, FUNCTION_CALL, MESSAGE)
METADATA_KEYS = {
    "model",
    "provider",
    "temperature",
    "top_p",
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
    "prompt_cache_creation_tokens",
}
JSON_KEYS = {"input_json", "output_json", "metadata", "metrics", "span_attributes", "context_json"}


def keys(span: ReadableSpan) -> set[str]:
    return {key.removeprefix("braintrust.") for key in span.attributes or {} if key.startswith("braintrust.")}


def metadata(span: ReadableSpan) -> Json:
    return attribute(span, "metadata")


def metrics(span: ReadableSpan) -> Json:
    return attribute(span, "metrics")


def asked(span: ReadableSpan) -> list[Any]:
    return attribute(span, "input_json")


def answered(span: ReadableSpan) -> list[Any]:
    return attribute(span, "output_json")


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
    "12 the name": lambda span: span.name == "openai.responses.create",
    "13 the input is all items": lambda span: asked(span)[1:] == INPUT,
    "14 instructions are a system message": lambda span: (
        asked(span)[0] == {"role": "system", "content": "Be brief."}
    ),
    "17 arguments are strings, malformed ones too": lambda span: (
        answered(span)[1]["arguments"] == '{"city": "Par'
    ),
    "19 tool results keep their call's id": lambda span: (
        asked(span)[6]["call_id"] == asked(span)[5]["call_id"]
    ),
    "20 tools are metadata, in OpenAI's shape": lambda span: (
        metadata(span)["tools"][0] == {"type": "function", "function": FUNCTION}
    ),
    "20 tools are not input": lambda span: (
        "strict" not in str((span.attributes or {})["braintrust.input_json"])
    ),
    "21 strict is kept": lambda span: metadata(span)["tools"][0]["function"]["strict"] is True,
    "22 native tools keep their type": lambda span: metadata(span)["tools"][1] == NATIVE,
    "23 tool_choice": lambda span: (
        metadata(span)["tool_choice"] == {"type": "function", "function": {"name": "weather"}}
    ),
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
        [metadata(span)[name] for name in ("temperature", "top_p", "response_format")]
        == [0.5, 0.9, {"type": "json_schema", "json_schema": SCHEMA}]
    ),
    "29 token counts": lambda span: (
        [metrics(span)[name] for name in ("tokens", "prompt_tokens", "completion_tokens")]
        == [USAGE["total_tokens"], USAGE["input_tokens"], USAGE["output_tokens"]]
    ),
    "35 reasoning tokens": lambda span: (
        metrics(span)["completion_reasoning_tokens"] == USAGE["output_tokens_details"]["reasoning_tokens"]
    ),
    "36 reasoning with its summary, then the message": lambda span: (
        answered(span) == [REASONING, FUNCTION_CALL, MESSAGE]
        and answered(span)[0]["summary"][0] == {"type": "summary_text", "text": "First look."}
        and {"type", "role", "status", "content"} <= set(answered(span)[2])
    ),
    "37 earlier reasoning and assistant items are in the input": lambda span: (
        asked(span)[3:5] == [EARLIER, SAID]
    ),
    "38 remote media stay where they are": lambda span: IMAGE in asked(span)[2]["content"],
    "39 undecodable media stay as they are": lambda span: ENCODED in asked(span)[2]["content"],
    "41 cached tokens, read and written": lambda span: (
        [metrics(span)[f"prompt_{name}_tokens"] for name in ("cached", "cache_creation")] == [3, 0]
    ),
    "42 no other metrics": lambda span: (
        set(metrics(span)) - {"time_to_first_token"} == METRIC_KEYS - {"time_to_first_token"}
    ),
    "44 JSON in strings": lambda span: all(
        isinstance((span.attributes or {})[f"braintrust.{key}"], str) for key in JSON_KEYS
    ),
    "45 the container": lambda span: (span.attributes or {})["braintrust.parent"] == "project_name:answers",
    "46 the origin": lambda span: "name" in attribute(span, "context_json")["span_origin"],
    "47 no environment attributes": lambda span: (
        not any("environment" in key for key in span.attributes or {})
    ),
}


@pytest.fixture
def spans(server: FakeOpenAI, recorded: RecordedRecords) -> dict[str, ReadableSpan]:
    """The span of a whole and of a streamed answer to the same request."""
    server.reply(whole(ANSWER), streamed_response(ANSWER))
    # Older clients do not have all of these parameters as arguments.
    body = {name: value for name, value in REQUEST.items() if name != "max_tool_calls"}
    request: Any = {**body, "extra_body": {**REQUEST["extra_body"], "max_tool_calls": 3}}
    token = otel_context.attach(context_with(parent="project_name:answers"))
    with client_of(server.url) as client:
        client.responses.create(**request)
        list(client.responses.create(**request, stream=True))
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
    server.reply(streamed_response(ANSWER))
    with client_of(server.url) as client:
        stream = client.responses.create(**RESPONSE_ASKED, stream=True)
        ended = [len(recorded.spans) for _ in stream]
    assert set(ended) == {0}
    assert len(recorded.spans) == 1


def test_item_21_no_tools_no_key(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(whole(ANSWER))
    with client_of(server.url) as client:
        client.responses.create(**RESPONSE_ASKED, tools=[])
    assert set(metadata(recorded.spans[0])) == {"provider", "model"}


def test_item_26_carriers_are_not_sent(spans: dict[str, ReadableSpan], server: FakeOpenAI) -> None:
    assert [set(received.body) & {"span_info", "prompt"} for received in server.received] == [set(), set()]


def test_item_26_a_template_of_openais_is_not_the_prompt(
    server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    server.reply(whole(ANSWER))
    template = {"id": "pmpt_1", "version": "2"}
    with client_of(server.url) as client:
        client.responses.create(
            **RESPONSE_ASKED,
            extra_body={"prompt": template, "span_info": {"metadata": {"prompt": PROMPT}}},
        )
    assert metadata(recorded.spans[0])["prompt"] == PROMPT
    assert server.received[0].body["prompt"] == template


def test_item_30_an_agents_spans_are_in_their_real_order(
    server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    server.reply(whole(response(FUNCTION_CALL)), whole(response(MESSAGE)))
    with client_of(server.url) as client, start_span("agent", type="task"):
        call = client.responses.create(**RESPONSE_ASKED).output[0]
        with start_span("weather", type="tool"):
            pass
        result: Any = {**RESULT, "call_id": call.to_dict()["call_id"]}
        client.responses.create(model=MODEL, input=[result], previous_response_id="resp_1")
    started = sorted(recorded.spans, key=lambda span: span.start_time or 0)
    agent = started[0].get_span_context()
    assert [(span.name, attribute(span, "span_attributes")["type"], span.parent) for span in started] == [
        ("agent", "task", None),
        ("openai.responses.create", "llm", agent),
        ("weather", "tool", agent),
        ("openai.responses.create", "llm", agent),
    ]


def test_item_32_a_stream_is_told_like_a_whole_answer(spans: dict[str, ReadableSpan]) -> None:
    expected = told(spans["whole"])
    assert told(spans["streamed"]) == {
        **expected,
        "metrics": {**expected["metrics"], "time_to_first_token": True},
    }


def test_item_34_the_callers_stream_is_not_changed(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(streamed_response({**ANSWER, "usage": None}))
    with client_of(server.url) as client:
        list(client.responses.create(**RESPONSE_ASKED, stream=True))
    assert server.received[0].body == {**RESPONSE_ASKED, "stream": True}
    assert set(metrics(recorded.spans[0])) == {"time_to_first_token"}


def test_item_33_the_first_token_is_timed_from_the_request_on(
    server: FakeOpenAI, recorded: RecordedRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(_call, "time", types.SimpleNamespace(perf_counter=lambda: now[0]))
    server.reply(streamed_response(response(MESSAGE)))

    class Slow(OpenAI):
        def request(self, *args: Any, **kwargs: Any) -> Any:
            now[0] += 8
            return super().request(*args, **kwargs)

    with wrap_openai(Slow(base_url=server.url, **OPTIONS)) as client:
        events = [
            (event.type, now.append(now.pop() + 2))
            for event in client.responses.create(**RESPONSE_ASKED, stream=True)
        ]
    # What comes before the first text only acknowledges the request.
    assert [kind for kind, _ in events].index("response.output_text.delta") == 4
    assert metrics(recorded.spans[0])["time_to_first_token"] == 8 + 4 * 2
