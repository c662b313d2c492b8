"""A stream of whatever kind is watched, and its span ends with it."""

import gc
import time
from collections.abc import AsyncGenerator, Generator
from dataclasses import replace
from typing import Any

import pytest
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from opentelemetry.trace import StatusCode

from fake_openai import FakeOpenAI, chunk, completion, streamed, text_chunks, whole
from litellm_forms import IS_OLD, MESSAGES, MODEL, collected, comparable, litellm, options, router_of
from span_reading import attribute
from spanscore.integrations._endpoint import Request
from spanscore.integrations._function import begin
from spanscore.integrations.litellm._endpoints import CHAT
from spanscore.integrations.litellm._functions import _PROVIDER
from spanscore.integrations.litellm._result import follow
from spanscore.testing import RecordedRecords, recorded_spans

newer = pytest.mark.skipif(IS_OLD, reason="litellm does less with its streams")

OVERLOADED = {"error": {"message": "overloaded", "code": 503}}
CHUNKS = [chunk({"content": "a"}), chunk({"content": "b"}, finish_reason="stop")]


def text_of(span: Any) -> str:
    return attribute(span, "output_json")[0]["message"]["content"]


def followed(result: Any) -> Any:
    call = begin(_PROVIDER, CHAT, {"model": MODEL}, Request(body={"model": MODEL}))
    assert call is not None
    return follow(call, result, [])


def generated() -> Generator[Any, None, None]:
    yield from CHUNKS


async def agenerated() -> AsyncGenerator[Any, None]:
    for one in CHUNKS:
        yield one


async def test_generators_are_passed_on(recorded: RecordedRecords) -> None:
    stream = followed(generated())
    assert isinstance(stream, Generator)
    assert list(stream) == CHUNKS
    astream = followed(agenerated())
    assert isinstance(astream, AsyncGenerator)
    assert await collected(astream) == CHUNKS
    assert [text_of(span) for span in recorded.spans] == ["ab", "ab"]


class Sealed:
    """A stream that takes neither another class nor an attribute."""

    __slots__ = ()

    def __next__(self) -> Any:
        raise StopIteration

    def __iter__(self) -> "Sealed":
        return self


def test_a_stream_that_cannot_be_watched_is_given_as_it_is(recorded: RecordedRecords) -> None:
    from spanscore.tracing import guard

    guard.reraise = False
    stream = Sealed()
    assert followed(stream) is stream
    assert len(recorded.spans) == 1


@newer
@pytest.mark.usefixtures("patched")
def test_a_stream_that_is_forgotten_ends_its_span(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    stream = litellm.completion(MODEL, MESSAGES, stream=True, **options(server.url))
    first = next(chunk for chunk in stream if chunk.choices[0].delta.content)
    del stream
    # Until then a thread of litellm's own holds the stream, which logs what has come.
    while not recorded.spans:
        gc.collect()
        time.sleep(0.01)
    assert [text_of(span) for span in recorded.spans] == [first.choices[0].delta.content]


@newer
@pytest.mark.usefixtures("patched")
async def test_a_stream_that_is_closed_ends_its_span(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    stream = await litellm.acompletion(MODEL, MESSAGES, stream=True, **options(server.url))
    async for one in stream:
        if one.choices[0].delta.content:
            break
    await stream.aclose()
    assert [text_of(span) for span in recorded.spans] == ["Hello"]
    assert recorded.spans[0].status.status_code is StatusCode.UNSET


@pytest.mark.usefixtures("patched")
@pytest.mark.parametrize("cut", [1, 30, 200])
async def test_a_stream_that_breaks_down_keeps_what_has_come(
    cut: int, server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    reply = replace(streamed(text_chunks("one", " two")[:2], is_cut=True), cuts=[cut])
    server.reply(reply, reply)
    with pytest.raises(Exception, match="litellm"):
        list(litellm.completion(MODEL, MESSAGES, stream=True, **options(server.url)))
    with pytest.raises(Exception, match="litellm"):
        await collected(await litellm.acompletion(MODEL, MESSAGES, stream=True, **options(server.url)))
    assert [text_of(span) for span in recorded.spans] == ["one", "one"]
    assert [span.status.status_code for span in recorded.spans] == [StatusCode.ERROR] * 2


@newer
@pytest.mark.usefixtures("patched")
async def test_a_routers_stream_that_goes_on_elsewhere_is_one_span(
    server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    router = router_of(server.url, "openai/gpt-4.1")
    answer = [{**one, "model": "gpt-4.1"} for one in text_chunks("a", "b")]
    asked: Any = {"stream": True, "stream_options": {"include_usage": True}}
    server.reply(streamed([OVERLOADED]), streamed(answer))
    list(router.completion("group", MESSAGES, **asked))
    server.reply(streamed([OVERLOADED]), streamed(answer))
    await collected(await router.acompletion("group", MESSAGES, **asked))
    assert [text_of(span) for span in recorded.spans] == ["ab", "ab"]
    assert [attribute(span, "metadata")["model"] for span in recorded.spans] == ["gpt-4.1"] * 2
    assert [attribute(span, "metrics")["tokens"] for span in recorded.spans] == [7, 7]


@pytest.mark.usefixtures("patched")
def test_a_whole_answer_to_a_stream_is_told(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    """litellm collects the chunks itself where that is asked for."""
    answer = litellm.completion(MODEL, MESSAGES, stream=True, complete_response=True, **options(server.url))
    assert answer.choices[0].message.content == "Hello from the fake server"
    assert [text_of(span) for span in recorded.spans] == ["Hello from the fake server"]


@pytest.mark.usefixtures("patched")
def test_what_the_sampler_leaves_out_is_answered_alike(server: FakeOpenAI) -> None:
    server.reply(whole(completion("hi")))
    with recorded_spans(sampler=ALWAYS_OFF) as recorded:
        answer = litellm.completion(MODEL, MESSAGES, **options(server.url))
        stream = litellm.completion(MODEL, MESSAGES, stream=True, **options(server.url))
        assert "_spanscore_reading" not in vars(stream)
        assert len(comparable(list(stream))) > 5
    assert (answer.choices[0].message.content, recorded.spans) == ("hi", [])
