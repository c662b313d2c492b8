"""Real answers of Anthropic's API, served over loopback to the real client.

Expected values come from the recorded answers.
"""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import anthropic
import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import StatusCode

from anthropic_forms import async_client_of, client_of
from fake_anthropic import FakeAnthropic, Reply, interactions_of
from span_reading import attribute, told
from spanscore.testing import RecordedRecords

pytestmark = pytest.mark.recorded

RECORDINGS = ["anthropic_client_error", "anthropic_messages_streaming_sync", "anthropic_messages_sync"]


@pytest.fixture
def folder() -> Path:
    name = os.environ.get("SPANSCORE_RECORDINGS")
    if name and Path(name).is_dir():
        return Path(name)
    missing = f"SPANSCORE_RECORDINGS is {name!r}; name the folder of recorded provider traffic"
    if os.environ.get("SPANSCORE_REQUIRE_RECORDINGS"):
        pytest.fail(missing)
    pytest.skip(missing)


@pytest.mark.parametrize("name", RECORDINGS)
def test_sync(name: str, folder: Path, server: FakeAnthropic, recorded: RecordedRecords) -> None:
    interactions = list(interactions_of(folder / f"{name}.json"))
    with client_of(server.url) as client:
        for request, reply in interactions:
            server.reply(reply)
            with suppress(anthropic.APIStatusError):
                answer: Any = client.messages.create(**request)
                if request.get("stream"):
                    list(answer)
    check(interactions, recorded.spans)


@pytest.mark.parametrize("name", RECORDINGS)
async def test_async(name: str, folder: Path, server: FakeAnthropic, recorded: RecordedRecords) -> None:
    interactions = list(interactions_of(folder / f"{name}.json"))
    async with async_client_of(server.url) as client:
        for request, reply in interactions:
            server.reply(reply)
            with suppress(anthropic.APIStatusError):
                answer: Any = await client.messages.create(**request)
                if request.get("stream"):
                    [_ async for _ in answer]
    check(interactions, recorded.spans)


def check(interactions: list[tuple[dict[str, Any], Reply]], spans: list[ReadableSpan]) -> None:
    assert len(spans) == len(interactions)
    for (request, reply), span in zip(interactions, spans, strict=True):
        if reply.status >= 400:
            assert span.status.status_code is StatusCode.ERROR
            assert json.loads(reply.body)["error"]["message"] in str(span.events[0].attributes or {})
            assert (span.attributes or {})["http.response.status_code"] == reply.status
            assert attribute(span, "input_json") == request["messages"]
        else:
            assert span.status.status_code is StatusCode.UNSET
            assert told(span) == expected(request, reply)


def expected(request: dict[str, Any], reply: Reply) -> dict[str, Any]:
    answer = merged(str(reply.body)) if request.get("stream") else json.loads(reply.body)
    usage = answer["usage"]
    read, written = usage["cache_read_input_tokens"], usage["cache_creation_input_tokens"]
    prompt = usage["input_tokens"] + read + written
    return {
        "input": request["messages"],
        "output": {name: answer[name] for name in ("role", "content", "stop_reason")},
        "metadata": {
            "provider": "anthropic",
            "model": answer["model"],
            "max_tokens": request["max_tokens"],
        },
        "metrics": {
            "prompt_tokens": prompt,
            "completion_tokens": usage["output_tokens"],
            "prompt_cached_tokens": read,
            "prompt_cache_creation_tokens": written,
            "tokens": prompt + usage["output_tokens"],
            **({"time_to_first_token": True} if request.get("stream") else {}),
        },
    }


def merged(body: str) -> dict[str, Any]:
    """The answer that the events of a recorded stream of one text make up."""
    events = [json.loads(line[6:]) for line in body.split("\n") if line.startswith("data: {")]
    (begin,) = [event["message"] for event in events if event["type"] == "message_start"]
    (finish,) = [event for event in events if event["type"] == "message_delta"]
    parts = [event["delta"]["text"] for event in events if event["type"] == "content_block_delta"]
    return {
        **begin,
        "content": [{"type": "text", "text": "".join(parts)}],
        **finish["delta"],
        "usage": {**begin["usage"], **finish["usage"]},
    }
