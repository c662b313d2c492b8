"""The items of the span conventions that concern Bedrock, by number, for both kinds of answer.

16 and 17, OpenAI's choices for the answer, are not what the conventions' executed examples of Bedrock expect,
which have a list of the message; the examples win, and the answer's stop reason stands beside the content.
24 has no counterpart in the Converse API; 54 is tested with `span_info`, in test_client.py.
"""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan

from bedrock_clients import IS_OLD, MODEL, client_of
from fake_bedrock import Event, FakeBedrock, answer, delta, events, started, streamed, whole
from span_reading import attribute
from spanscore.integrations import _call
from spanscore.integrations.bedrock import wrap
from spanscore.testing import RecordedRecords

pytestmark = pytest.mark.skipif(IS_OLD, reason="this boto3 knows no caches, reasoning and tools of AWS's")

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=="
)
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}}
THOUGHT = {"reasoningContent": {"reasoningText": {"text": "Rome, then.", "signature": "s1"}}}
USED = {"toolUse": {"toolUseId": "t1", "name": "weather", "input": {"city": "Rome"}}}
RESULT = {"toolResult": {"toolUseId": "t1", "content": [{"text": "sunny"}], "status": "success"}}
IMAGE = {"image": {"format": "png", "source": {"bytes": PIXEL}}}
DOCUMENT = {"document": {"format": "pdf", "name": "blank", "source": {"bytes": b"%PDF-1.0"}}}
PLACED = {"image": {"format": "png", "source": {"s3Location": {"uri": "s3://bucket/cat.png"}}}}
PROMPT = {"id": "p1", "project_id": "j1", "version": "7", "variables": {"a": 1}}
REQUEST: Any = {
    "modelId": MODEL,
    "system": [{"text": "Be brief."}, {"cachePoint": {"type": "default"}}],
    "messages": [
        {"role": "user", "content": [{"text": "What is this?"}, IMAGE, DOCUMENT, PLACED]},
        {"role": "assistant", "content": [THOUGHT, USED]},
        {"role": "user", "content": [RESULT]},
    ],
    "inferenceConfig": {"maxTokens": 99, "temperature": 0.5, "topP": 0.9, "stopSequences": ["END"]},
    "toolConfig": {
        "tools": [
            {"toolSpec": {"name": "weather", "inputSchema": {"json": SCHEMA}}},
            {"systemTool": {"name": "nova_grounding"}},
        ],
        "toolChoice": {"any": {}},
    },
    "additionalModelRequestFields": {"top_k": 5},
    "requestMetadata": {"own": "of the request"},
    "span_info": {"metadata": {"prompt": PROMPT}},
}
ANSWERED = [THOUGHT, {"text": "Let me see."}, USED]
PARTS: list[Event] = [
    delta(0, reasoningContent={"text": "Rome,"}),
    delta(0, reasoningContent={"text": " then."}),
    delta(0, reasoningContent={"signature": "s1"}),
    delta(1, text="Let me"),
    delta(1, text=" see."),
    started(2, toolUse={"toolUseId": "t1", "name": "weather"}),
    delta(2, toolUse={"input": '{"city"'}),
    delta(2, toolUse={"input": ': "Rome"}'}),
]
CACHED = {
    "inputTokens": 12,
    "outputTokens": 5,
    "totalTokens": 1212,
    "cacheReadInputTokens": 20,
    "cacheWriteInputTokens": 1175,
}
TYPED = [
    {"type": "reasoning", **THOUGHT},
    {"type": "text", "text": "Let me see."},
    {"type": "tool_use", **USED},
]


def whole_span(server: FakeBedrock, recorded: RecordedRecords) -> ReadableSpan:
    server.reply(whole(answer(*ANSWERED, stopReason="tool_use", usage=CACHED)))
    with client_of(server.url) as client:
        wrap(client).converse(**REQUEST)
    (span,) = recorded.spans
    return span


def streamed_span(server: FakeBedrock, recorded: RecordedRecords) -> ReadableSpan:
    server.reply(streamed(events(*PARTS, stop_reason="tool_use", **CACHED)))
    with client_of(server.url) as client:
        list(wrap(client).converse_stream(**REQUEST)["stream"])
    (span,) = recorded.spans
    return span


Make = Callable[[FakeBedrock, RecordedRecords], ReadableSpan]
both_kinds = pytest.mark.parametrize("make", [whole_span, streamed_span], ids=["whole", "streamed"])


@both_kinds
def test_10_11_one_llm_span_a_call(make: Make, server: FakeBedrock, recorded: RecordedRecords) -> None:
    assert attribute(make(server, recorded), "span_attributes") == {"type": "llm"}


def test_12_span_names(server: FakeBedrock, recorded: RecordedRecords) -> None:
    whole_span(server, recorded)
    with client_of(server.url) as client:
        list(wrap(client).converse_stream(**REQUEST)["stream"])
    assert [span.name for span in recorded.spans] == ["bedrock.converse", "bedrock.converse-stream"]


@both_kinds
def test_13_14_19_37_38_the_whole_conversation_is_the_input(
    make: Make, server: FakeBedrock, recorded: RecordedRecords
) -> None:
    pixel, pdf = (base64.b64encode(data).decode() for data in (PIXEL, b"%PDF-1.0"))
    assert attribute(make(server, recorded), "input_json") == [
        {
            "role": "system",
            "content": [
                {"type": "text", "text": "Be brief."},
                {"type": "cache_point", "cachePoint": {"type": "default"}},
            ],
        },
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "What is this?"},
                {"type": "image", "image": {"format": "png", "source": {"bytes": pixel}}},
                {
                    "type": "document",
                    "document": {"format": "pdf", "name": "blank", "source": {"bytes": pdf}},
                },
                {"type": "image", **PLACED},
            ],
        },
        {
            "role": "assistant",
            "content": [{"type": "reasoning", **THOUGHT}, {"type": "tool_use", **USED}],
        },
        {"role": "user", "content": [{"type": "tool_result", **RESULT}]},
    ]


@both_kinds
def test_16_17_32_the_output_is_the_message(
    make: Make, server: FakeBedrock, recorded: RecordedRecords
) -> None:
    message = {"role": "assistant", "content": TYPED, "stopReason": "tool_use"}
    assert attribute(make(server, recorded), "output_json") == [message]


@both_kinds
def test_9_20_21_22_23_27_28_metadata(make: Make, server: FakeBedrock, recorded: RecordedRecords) -> None:
    assert attribute(make(server, recorded), "metadata") == {
        "prompt": PROMPT,
        "provider": "bedrock",
        "model": MODEL,
        "max_tokens": 99,
        "temperature": 0.5,
        "top_p": 0.9,
        "stop": ["END"],
        "tools": [
            {"type": "function", "function": {"name": "weather", "parameters": SCHEMA}},
            {"systemTool": {"name": "nova_grounding"}},
        ],
        "tool_choice": "required",
    }


@both_kinds
def test_25_26_the_prompts_provenance_is_not_sent(
    make: Make, server: FakeBedrock, recorded: RecordedRecords
) -> None:
    make(server, recorded)
    assert "span_info" not in server.received[0].body
    assert server.received[0].body["toolConfig"] == REQUEST["toolConfig"]


@both_kinds
def test_29_34_41_42_51_52_53_61_metrics(make: Make, server: FakeBedrock, recorded: RecordedRecords) -> None:
    metrics = attribute(make(server, recorded), "metrics")
    assert (metrics.pop("time_to_first_token", None) is not None) is (make is streamed_span)
    assert metrics == {
        "prompt_tokens": 1207,
        "completion_tokens": 5,
        "tokens": 1212,
        "prompt_cached_tokens": 20,
        "prompt_cache_creation_tokens": 1175,
    }


def test_33_seconds_to_the_first_token_count_from_the_request(
    server: FakeBedrock, recorded: RecordedRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = iter(range(100, 200, 7))
    monkeypatch.setattr(_call.time, "perf_counter", lambda: float(next(ticks)))
    span = streamed_span(server, recorded)
    assert attribute(span, "metrics")["time_to_first_token"] == 7.0


@both_kinds
def test_44_46_attributes_are_json_and_say_where_they_are_from(
    make: Make, server: FakeBedrock, recorded: RecordedRecords
) -> None:
    span = make(server, recorded)
    assert attribute(span, "context_json")["span_origin"]["name"] == "spanscore"
    named = [name for name in span.attributes or {} if name.startswith("braintrust.")]
    assert sorted(named) == [
        f"braintrust.{name}"
        for name in ("context_json", "input_json", "metadata", "metrics", "output_json", "span_attributes")
    ]


@both_kinds
def test_opentelemetrys_attributes(make: Make, server: FakeBedrock, recorded: RecordedRecords) -> None:
    attributes = make(server, recorded).attributes or {}
    assert {name: value for name, value in attributes.items() if not name.startswith("braintrust.")} == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "aws.bedrock",
        "gen_ai.request.model": MODEL,
        "gen_ai.request.max_tokens": 99,
        "gen_ai.request.temperature": 0.5,
        "gen_ai.request.top_p": 0.9,
        "gen_ai.response.finish_reasons": ("tool_use",),
        "gen_ai.usage.input_tokens": 1207,
        "gen_ai.usage.output_tokens": 5,
        "server.address": "127.0.0.1",
        "server.port": server.port,
    }
