"""Real answers, served over loopback to litellm. Expected values come from the recorded answers."""

import json
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan

import fake_anthropic
from fake_anthropic import FakeAnthropic
from fake_openai import FakeOpenAI, Reply, interactions_of
from litellm_forms import collected, litellm, options
from recordings import recording
from span_reading import told
from spanscore.testing import RecordedRecords

pytestmark = [pytest.mark.recorded, pytest.mark.usefixtures("patched")]

CHATS = ["litellm_completion_metrics", "openai_chat_metrics", "openai_parallel_tool_calls"]


def whole(path: Any) -> list[tuple[Any, Reply]]:
    """The interactions whose answers are not streamed."""
    return [(asked, reply) for asked, reply in interactions_of(path) if not asked.get("stream")]


@pytest.mark.parametrize("name", CHATS)
async def test_chats(name: str, server: FakeOpenAI, recorded: RecordedRecords) -> None:
    interactions = whole(recording(name))
    for asked, reply in interactions:
        server.reply(reply, reply)
        request = {**asked, "model": f"openai/{asked['model']}", **options(server.url)}
        litellm.completion(**request)
        await litellm.acompletion(**request)
    expected = [told_of(*interaction) for interaction in interactions for _ in range(2)]
    assert [span_told(span) for span in recorded.spans] == expected


def told_of(asked: Any, reply: Reply) -> Any:
    """Input, output and metrics as the recorded answer has them."""
    answer = json.loads(reply.body)
    usage = answer["usage"]
    (choice,) = answer["choices"]
    message = choice["message"]
    return {
        "input": asked["messages"],
        "content": message["content"],
        "tool_calls": message.get("tool_calls"),
        "finish_reason": choice["finish_reason"],
        "model": answer["model"],
        "metrics": {
            "tokens": usage["total_tokens"],
            "prompt_tokens": usage["prompt_tokens"],
            "completion_tokens": usage["completion_tokens"],
            "prompt_cached_tokens": usage["prompt_tokens_details"]["cached_tokens"],
            "prompt_audio_tokens": usage["prompt_tokens_details"]["audio_tokens"],
            "completion_reasoning_tokens": usage["completion_tokens_details"]["reasoning_tokens"],
            "completion_audio_tokens": usage["completion_tokens_details"]["audio_tokens"],
        },
    }


def span_told(span: ReadableSpan) -> Any:
    given = told(span)
    (choice,) = given["output"]
    assert given["metadata"]["provider"] == "openai"
    return {
        "input": given["input"],
        "content": choice["message"]["content"],
        "tool_calls": choice["message"].get("tool_calls"),
        "finish_reason": choice["finish_reason"],
        "model": given["metadata"]["model"],
        "metrics": given["metrics"],
    }


async def test_anthropics_messages(recorded: RecordedRecords) -> None:
    ((_, reply),) = fake_anthropic.interactions_of(recording("anthropic_messages_sync"))
    answer = json.loads(reply.body)
    with FakeAnthropic(reply) as server:
        litellm.completion(
            f"anthropic/{answer['model']}",
            [{"role": "user", "content": "hi"}],
            api_base=server.url,
            api_key="none",
        )
    (span,) = recorded.spans
    given = told(span)
    assert given["output"][0]["message"]["content"] == answer["content"][0]["text"]
    assert given["metadata"] == {"provider": "anthropic", "model": answer["model"]}
    usage = answer["usage"]
    prompt = (
        usage["input_tokens"]
        + (usage.get("cache_creation_input_tokens") or 0)
        + (usage.get("cache_read_input_tokens") or 0)
    )
    assert given["metrics"]["prompt_tokens"] == prompt
    assert given["metrics"]["tokens"] == prompt + usage["output_tokens"]


async def test_anthropics_streams(recorded: RecordedRecords) -> None:
    ((_, reply),) = fake_anthropic.interactions_of(recording("anthropic_messages_streaming_sync"))
    events = [json.loads(line[5:]) for line in str(reply.body).splitlines() if line.startswith("data:")]
    texts = [event["delta"].get("text", "") for event in events if event["type"] == "content_block_delta"]
    (start,) = (event["message"] for event in events if event["type"] == "message_start")
    (end,) = (event for event in events if event["type"] == "message_delta")
    with FakeAnthropic(reply) as server:
        stream = await litellm.acompletion(
            f"anthropic/{start['model']}",
            [{"role": "user", "content": "hi"}],
            stream=True,
            api_base=server.url,
            api_key="none",
        )
        await collected(stream)
    (span,) = recorded.spans
    given = told(span)
    assert given["output"][0]["message"]["content"] == "".join(texts)
    assert given["metadata"]["model"] == start["model"]
    assert given["metrics"]["prompt_tokens"] == start["usage"]["input_tokens"]
    assert given["metrics"]["completion_tokens"] == end["usage"]["output_tokens"]


@pytest.mark.parametrize("name", ["openai_chat_streaming_sync", "openai_parallel_tool_calls"])
async def test_streamed_chats(name: str, server: FakeOpenAI, recorded: RecordedRecords) -> None:
    interactions = [
        (asked, reply) for asked, reply in interactions_of(recording(name)) if asked.get("stream")
    ]
    assert interactions
    for asked, reply in interactions:
        server.reply(reply, reply)
        request = {**asked, "model": f"openai/{asked['model']}", **options(server.url)}
        list(litellm.completion(**request))
        await collected(await litellm.acompletion(**request))
    expected = [streamed_told(asked, str(reply.body)) for asked, reply in interactions for _ in range(2)]
    assert [streamed_span_told(span) for span in recorded.spans] == expected


def streamed_told(asked: Any, body: str) -> Any:
    """Input, texts, calls and tokens as the recorded events have them."""
    events = [json.loads(line[6:]) for line in body.split("\n") if line.startswith("data: {")]
    deltas = [choice["delta"] for event in events for choice in event["choices"]]
    calls: dict[int, dict[str, str]] = {}
    for part in (part for delta in deltas for part in delta.get("tool_calls") or []):
        call = calls.setdefault(part["index"], {"arguments": ""})
        call.update({"id": part["id"]} if part.get("id") else {})
        call.update({"name": part["function"]["name"]} if part["function"].get("name") else {})
        call["arguments"] += part["function"]["arguments"]
    reasons = [choice["finish_reason"] for event in events for choice in event["choices"]]
    usage = next((event["usage"] for event in events if event.get("usage")), None)
    return {
        "input": asked["messages"],
        "content": "".join(delta.get("content") or "" for delta in deltas),
        "calls": [calls[index] for index in sorted(calls)],
        "finish_reason": reasons[-1],
        "tokens": usage and (usage["prompt_tokens"], usage["completion_tokens"], usage["total_tokens"]),
    }


def streamed_span_told(span: ReadableSpan) -> Any:
    given = told(span)
    (choice,) = given["output"]
    metrics = given["metrics"]
    calls = [{"id": call["id"], **call["function"]} for call in choice["message"].get("tool_calls") or []]
    counts = tuple(metrics.get(name) for name in ("prompt_tokens", "completion_tokens", "tokens"))
    assert metrics["time_to_first_token"] is True
    return {
        "input": given["input"],
        "content": choice["message"]["content"] or "",
        "calls": calls,
        "finish_reason": choice["finish_reason"],
        "tokens": None if counts == (None, None, None) else counts,
    }
