"""Functions besides those for chats are described like OpenAI's endpoints that they are like."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from fake_anthropic import FakeAnthropic, message
from fake_openai import FakeOpenAI, Json, Reply, streamed, whole
from litellm_forms import IS_OLD, collected, litellm, options
from span_reading import attribute, told
from spanscore.integrations.litellm._endpoints import BY_FUNCTION, ENDPOINTS
from spanscore.testing import RecordedRecords

pytestmark = pytest.mark.usefixtures("patched")

ITEM = {
    "type": "message",
    "id": "m",
    "role": "assistant",
    "status": "completed",
    "content": [{"type": "output_text", "text": "Hi", "annotations": []}],
}
RESPONSE: Json = {
    "id": "resp_1",
    "object": "response",
    "created_at": 1,
    "status": "completed",
    "model": "gpt-4o-mini-2024-07-18",
    "output": [ITEM],
    "usage": {
        "input_tokens": 5,
        "output_tokens": 7,
        "total_tokens": 12,
        "input_tokens_details": {"cached_tokens": 2},
        "output_tokens_details": {"reasoning_tokens": 3},
    },
    "parallel_tool_calls": True,
    "tool_choice": "auto",
    "tools": [],
}
EVENTS = [
    {
        "type": "response.created",
        "sequence_number": 0,
        "response": {**RESPONSE, "status": "in_progress", "output": [], "usage": None},
    },
    {
        "type": "response.output_text.delta",
        "sequence_number": 1,
        "item_id": "m",
        "output_index": 0,
        "content_index": 0,
        "delta": "Hi",
        "logprobs": [],
    },
    {"type": "response.completed", "sequence_number": 2, "response": RESPONSE},
]
TOLD_RESPONSE: Json = {
    "input": "hi",
    "output": [ITEM],
    "metadata": {"provider": "openai", "model": "gpt-4o-mini-2024-07-18"},
    "metrics": {
        "tokens": 12,
        "prompt_tokens": 5,
        "completion_tokens": 7,
        "prompt_cached_tokens": 2,
        "completion_reasoning_tokens": 3,
    },
}
COMPLETION: Json = {
    "id": "cmpl-1",
    "object": "text_completion",
    "created": 1,
    "model": "gpt-3.5-turbo-instruct:x",
    "choices": [{"text": "Hi", "index": 0, "logprobs": None, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 5, "completion_tokens": 1, "total_tokens": 6},
}
VECTORS: Json = {
    "object": "list",
    "data": [{"object": "embedding", "index": index, "embedding": [0.25, 0.5, 0.75]} for index in range(2)],
    "model": "text-embedding-3-small",
    "usage": {"prompt_tokens": 3, "total_tokens": 3},
}


@pytest.mark.parametrize("is_async", [False, True])
def test_responses(is_async: bool, server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(whole(RESPONSE))
    asked: Any = {"model": "openai/gpt-4o-mini", "input": "hi", **options(server.url)}
    answer = asyncio.run(litellm.aresponses(**asked)) if is_async else litellm.responses(**asked)
    assert answer.output[0].content[0].text == "Hi"
    assert [(span.name, told(span)) for span in recorded.spans] == [
        ("openai.responses.create", TOLD_RESPONSE)
    ]


@pytest.mark.parametrize("is_async", [False, True])
def test_streamed_responses(is_async: bool, server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(streamed(EVENTS))
    asked: Any = {"model": "openai/gpt-4o-mini", "input": "hi", "stream": True, **options(server.url)}

    async def events() -> list[Any]:
        return await collected(await litellm.aresponses(**asked))

    got = asyncio.run(events()) if is_async else list(litellm.responses(**asked))
    assert [event.type.value for event in got] == [event["type"] for event in EVENTS]
    (span,) = recorded.spans
    metrics = TOLD_RESPONSE["metrics"] | {"time_to_first_token": True}
    assert told(span) == {**TOLD_RESPONSE, "metrics": metrics}


def test_responses_of_a_provider_that_has_none(recorded: RecordedRecords) -> None:
    """litellm makes them of a chat completion inside: still one span."""
    with FakeAnthropic(*[_reply(message("Hi"))]) as server:
        litellm.responses(
            model="anthropic/claude-3-haiku-20240307", input="hi", api_base=server.url, api_key="none"
        )
    (span,) = recorded.spans
    given = told(span)
    assert (span.name, given["input"]) == ("openai.responses.create", "hi")
    assert given["output"][0]["content"][0]["text"] == "Hi"
    assert given["metadata"]["provider"] == "anthropic"
    assert given["metrics"]["tokens"] == 12


def _reply(answer: Json) -> Any:
    from fake_anthropic import whole as anthropic_whole

    return anthropic_whole(answer)


@pytest.mark.parametrize("is_async", [False, True])
def test_embeddings(is_async: bool, server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(whole(VECTORS))
    asked: Any = {"model": "openai/text-embedding-3-small", "input": ["a", "b"], **options(server.url)}
    answer = asyncio.run(litellm.aembedding(**asked)) if is_async else litellm.embedding(**asked)
    assert len(answer.data) == 2
    (span,) = recorded.spans
    assert (span.name, told(span)) == (
        "Embedding",
        {
            "input": ["a", "b"],
            "output": {"embedding_length": 3, "embedding_count": 2},
            "metadata": {"provider": "openai", "model": "text-embedding-3-small"},
            "metrics": {"prompt_tokens": 3, "tokens": 3},
        },
    )
    assert "gen_ai.usage.output_tokens" not in (span.attributes or {})


@pytest.mark.parametrize("is_async", [False, True])
def test_text_completions(is_async: bool, server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(whole(COMPLETION))
    asked: Any = {
        "model": "text-completion-openai/gpt-3.5-turbo-instruct",
        "prompt": "hi",
        **options(server.url),
    }
    answer = asyncio.run(litellm.atext_completion(**asked)) if is_async else litellm.text_completion(**asked)
    assert answer.choices[0].text == "Hi"
    assert [(span.name, told(span)) for span in recorded.spans] == [
        (
            "Completion",
            {
                "input": "hi",
                "output": [{"finish_reason": "stop", "index": 0, "text": "Hi"}],
                "metadata": {"provider": "openai", "model": "gpt-3.5-turbo-instruct:x"},
                "metrics": {"tokens": 6, "prompt_tokens": 5, "completion_tokens": 1},
            },
        )
    ]


@pytest.mark.parametrize("is_async", [False, True])
def test_streamed_text_completions(is_async: bool, server: FakeOpenAI, recorded: RecordedRecords) -> None:
    parts = [
        {"text": part, "index": 0, "logprobs": None, "finish_reason": reason}
        for part, reason in (("H", None), ("i", "stop"))
    ]
    server.reply(streamed([{**COMPLETION, "choices": [part], "usage": None} for part in parts]))
    asked: Any = {
        "model": "text-completion-openai/gpt-3.5-turbo-instruct",
        "prompt": "hi",
        "stream": True,
        **options(server.url),
    }

    async def chunks() -> list[Any]:
        return await collected(await litellm.atext_completion(**asked))

    got = asyncio.run(chunks()) if is_async else list(litellm.text_completion(**asked))
    assert "".join(chunk.choices[0].text or "" for chunk in got) == "Hi"
    (span,) = recorded.spans
    assert attribute(span, "output_json") == [{"index": 0, "text": "Hi", "finish_reason": "stop"}]


def test_images(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(whole({"created": 1, "data": [{"url": "https://example.com/cat.png"}]}))
    litellm.image_generation(prompt="a cat", model="openai/dall-e-3", **options(server.url))
    (span,) = recorded.spans
    assert (span.name, attribute(span, "input_json")) == ("Image Generation", "a cat")
    assert attribute(span, "output_json")[0]["url"] == "https://example.com/cat.png"
    assert attribute(span, "metadata") == {"provider": "openai", "model": "dall-e-3"}


@pytest.mark.skipif(IS_OLD, reason="litellm asks OpenAI whatever the address")
async def test_moderations(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(whole({"id": "modr-1", "model": "omni-moderation-x", "results": [{"flagged": False}]}))
    await litellm.amoderation(input="hi", model="omni-moderation-latest", api_base=server.url, api_key="none")
    (span,) = recorded.spans
    assert (span.name, attribute(span, "input_json")) == ("Moderation", "hi")
    assert attribute(span, "output_json")[0]["flagged"] is False
    assert attribute(span, "metadata")["model"] == "omni-moderation-x"


def test_speech(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(Reply(content_type="audio/mpeg", binary=b"ID3sound"))
    answer = litellm.speech(model="openai/tts-1", input="hi", voice="alloy", **options(server.url))
    assert answer.content == b"ID3sound"
    (span,) = recorded.spans
    assert (span.name, attribute(span, "input_json")) == ("Speech", "hi")
    assert attribute(span, "output_json")["bytes"] == 8


def test_transcriptions(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(whole({"text": "hi"}))
    answer = litellm.transcription(
        model="openai/whisper-1", file=("a.mp3", b"ID3sound"), **options(server.url)
    )
    assert answer.text == "hi"
    (span,) = recorded.spans
    assert span.name == "Transcription"
    assert attribute(span, "output_json") == "hi"
    assert attribute(span, "metadata") == {"provider": "openai", "model": "whisper-1"}


def test_every_function_is_there_twice() -> None:
    assert len(BY_FUNCTION) == 2 * len(ENDPOINTS)
    assert [name for name in BY_FUNCTION if not isinstance(getattr(litellm, name, None), Callable)] == []
