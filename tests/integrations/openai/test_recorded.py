"""Real answers of OpenAI's API, served over loopback to the real client.

Expected values come from the recorded answers.
"""

import json
from contextlib import suppress
from typing import Any

import openai
import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import StatusCode

from fake_openai import FakeOpenAI, Reply, interactions_of
from openai_forms import RESPONDED, async_client_of, client_of, collected
from recordings import recording
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


@pytest.mark.parametrize("name", CHATS)
def test_sync(name: str, server: FakeOpenAI, recorded: RecordedRecords) -> None:
    interactions = list(interactions_of(recording(name)))
    with client_of(server.url) as client:
        for request, reply in interactions:
            server.reply(reply)
            with suppress(openai.APIStatusError):
                answer: Any = client.chat.completions.create(**request)
                if request.get("stream"):
                    list(answer)
    check(interactions, recorded.spans)


@pytest.mark.parametrize("name", CHATS)
async def test_async(name: str, server: FakeOpenAI, recorded: RecordedRecords) -> None:
    interactions = list(interactions_of(recording(name)))
    async with async_client_of(server.url) as client:
        for request, reply in interactions:
            server.reply(reply)
            with suppress(openai.APIStatusError):
                answer: Any = await client.chat.completions.create(**request)
                if request.get("stream"):
                    await collected(answer)
    check(interactions, recorded.spans)


RESPONSES = "openai_responses_metrics"
RESPONSE_USAGE = {
    "tokens": ("total_tokens",),
    "prompt_tokens": ("input_tokens",),
    "completion_tokens": ("output_tokens",),
    "prompt_cached_tokens": ("input_tokens_details", "cached_tokens"),
    "completion_reasoning_tokens": ("output_tokens_details", "reasoning_tokens"),
}


@pytest.mark.skipif(not RESPONDED, reason="openai is too old")
def test_responses(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    interactions = list(interactions_of(recording(RESPONSES)))
    server.reply(*(reply for _request, reply in interactions))
    with client_of(server.url) as client:
        for request, _reply in interactions:
            client.responses.create(**request)
    check_responses(interactions, recorded.spans)


@pytest.mark.skipif(not RESPONDED, reason="openai is too old")
async def test_responses_async(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    interactions = list(interactions_of(recording(RESPONSES)))
    server.reply(*(reply for _request, reply in interactions))
    async with async_client_of(server.url) as client:
        for request, _reply in interactions:
            await client.responses.create(**request)
    check_responses(interactions, recorded.spans)


def check_responses(interactions: list[tuple[dict[str, Any], Reply]], spans: list[ReadableSpan]) -> None:
    assert [told(span) for span in spans] == [expected_response(*each) for each in interactions]
    answers = [json.loads(reply.body) for _request, reply in interactions]
    for span, answer in zip(spans, answers, strict=True):
        known = span.attributes or {}
        assert span.name == "openai.responses.create"
        assert (known["gen_ai.response.id"], known["gen_ai.response.model"]) == (
            answer["id"],
            answer["model"],
        )
        assert known["gen_ai.response.finish_reasons"] == (answer["status"],)
        assert span.status.status_code is StatusCode.UNSET


def expected_response(request: dict[str, Any], reply: Reply) -> dict[str, Any]:
    answer = json.loads(reply.body)
    user = {"role": "user", "content": request["input"]}
    system = {"role": "system", "content": request.get("instructions")}
    asked: dict[str, Any] = {"provider": "openai", "model": answer["model"]}
    if "text" in request:
        schema = {name: value for name, value in request["text"]["format"].items() if name != "type"}
        asked["response_format"] = {"type": "json_schema", "json_schema": schema}
    return {
        "input": [system, user] if "instructions" in request else request["input"],
        "output": answer["output"],
        "metadata": asked,
        "metrics": {name: dig(answer["usage"], path) for name, path in RESPONSE_USAGE.items()},
    }


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
