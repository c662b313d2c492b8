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
