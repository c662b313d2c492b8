"""Real answers of OpenAI's API, served over loopback to the real client.

Expected values come from the recorded answers.
"""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import openai
import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import StatusCode

from fake_openai import FakeOpenAI, Reply, interactions_of
from openai_forms import async_client_of, client_of, collected
from span_reading import attribute, told
from spanscore.testing import RecordedRecords

pytestmark = pytest.mark.recorded

CHATS = [
    "litellm_completion_metrics",
    "openai_chat_metrics",
    "openai_chat_streaming_sync",
    "openai_client_error",
    "openai_parallel_tool_calls",
]
TOLD_REQUEST = ("model", "temperature", "tools")
TOLD_USAGE = {
    "tokens": ("total_tokens",),
    "prompt_tokens": ("prompt_tokens",),
    "completion_tokens": ("completion_tokens",),
    "prompt_cached_tokens": ("prompt_tokens_details", "cached_tokens"),
    "prompt_audio_tokens": ("prompt_tokens_details", "audio_tokens"),
    "completion_reasoning_tokens": ("completion_tokens_details", "reasoning_tokens"),
    "completion_audio_tokens": ("completion_tokens_details", "audio_tokens"),
}


@pytest.fixture
def folder() -> Path:
    name = os.environ.get("SPANSCORE_RECORDINGS")
    if name and Path(name).is_dir():
        return Path(name)
    missing = f"SPANSCORE_RECORDINGS is {name!r}; name the folder of recorded provider traffic"
    if os.environ.get("SPANSCORE_REQUIRE_RECORDINGS"):
        pytest.fail(missing)
    pytest.skip(missing)


@pytest.mark.parametrize("name", CHATS)
def test_sync(name: str, folder: Path, server: FakeOpenAI, recorded: RecordedRecords) -> None:
    interactions = list(interactions_of(folder / f"{name}.json"))
    with client_of(server.url) as client:
        for request, reply in interactions:
            server.reply(reply)
            with suppress(openai.APIStatusError):
                answer: Any = client.chat.completions.create(**request)
                if request.get("stream"):
                    list(answer)
    check(interactions, recorded.spans)


@pytest.mark.parametrize("name", CHATS)
async def test_async(name: str, folder: Path, server: FakeOpenAI, recorded: RecordedRecords) -> None:
    interactions = list(interactions_of(folder / f"{name}.json"))
    async with async_client_of(server.url) as client:
        for request, reply in interactions:
            server.reply(reply)
            with suppress(openai.APIStatusError):
                answer: Any = await client.chat.completions.create(**request)
                if request.get("stream"):
                    await collected(answer)
    check(interactions, recorded.spans)


def check(interactions: list[tuple[dict[str, Any], Reply]], spans: list[ReadableSpan]) -> None:
    assert len(spans) == len(interactions)
    for (request, reply), span in zip(interactions, spans, strict=True):
        if reply.status >= 400:
            assert span.status.status_code is StatusCode.ERROR
            assert json.loads(reply.body)["error"]["message"] in str(span.events[0].attributes or {})
            assert attribute(span, "input_json") == request["messages"]
        else:
            assert span.status.status_code is StatusCode.UNSET
            assert told(span) == expected(request, reply)


def expected(request: dict[str, Any], reply: Reply) -> dict[str, Any]:
    answer = merged(reply.body) if request.get("stream") else json.loads(reply.body)
    metrics = {name: dig(answer["usage"], path) for name, path in TOLD_USAGE.items()}
    return {
        "input": request["messages"],
        "output": answer["choices"],
        "metadata": {
            "provider": "openai",
            **{name: request[name] for name in TOLD_REQUEST if name in request},
            "model": answer["model"],
        },
        "metrics": metrics | ({"time_to_first_token": True} if request.get("stream") else {}),
    }


def dig(value: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        value = value[name]
    return value


def merged(body: str) -> dict[str, Any]:
    """The answer that the events of a recorded stream with one choice make up."""
    events = [json.loads(line[6:]) for line in body.split("\n") if line.startswith("data: {")]
    deltas = [choice["delta"] for event in events for choice in event["choices"]]
    texts = [delta["content"] for delta in deltas if delta.get("content") is not None]
    message: dict[str, Any] = {"role": "assistant", "content": "".join(texts) if texts else None}
    calls: dict[int, dict[str, Any]] = {}
    for part in (part for delta in deltas for part in delta.get("tool_calls", [])):
        call = calls.setdefault(part["index"], {"function": {"arguments": ""}})
        call.update({name: part[name] for name in ("id", "type") if name in part})
        call["function"].update(
            {name: part["function"][name] for name in ("name",) if name in part["function"]}
        )
        call["function"]["arguments"] += part["function"]["arguments"]
    if calls:
        message["tool_calls"] = [calls[index] for index in sorted(calls)]
    reasons = [choice["finish_reason"] for event in events for choice in event["choices"]]
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": reasons[-1]}
    return {"model": events[0]["model"], "choices": [choice], "usage": events[-1]["usage"]}
