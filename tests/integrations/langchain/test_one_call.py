"""A model call is one billable span, whoever is recorded, in every way in which a model is called."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

pytest.importorskip("langchain_openai")

from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, HumanMessage
from langchain_core.runnables import RunnableLambda
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI

from fake_openai import FakeOpenAI, completion, failure, streamed, text_chunks, whole
from span_reading import attribute, told
from span_tree import outline
from spanscore import start_span
from spanscore.integrations.openai import patch as patch_openai
from spanscore.testing import RecordedRecords

pytestmark = pytest.mark.usefixtures("_patched")

WAYS = ["invoke", "ainvoke", "stream", "astream", "batch", "abatch"]


@pytest.fixture
def _client_recorded() -> Iterator[None]:
    undo = patch_openai()
    yield
    undo()


def model_of(server: FakeOpenAI, **options: Any) -> ChatOpenAI:
    key: Any = "k"
    return ChatOpenAI(
        model="gpt-4o-mini", base_url=server.url, api_key=key, temperature=0.5, max_retries=0, **options
    )


async def call(model: Any, way: str, given: Any) -> None:
    result: Any = getattr(model, way)([given] if "batch" in way else given)
    if isinstance(result, AsyncIterator):
        async for _chunk in result:
            start_span("reading").end()
    elif isinstance(result, Iterator):
        for _chunk in result:
            start_span("reading").end()
    elif asyncio.iscoroutine(result):
        await result


def answers(way: str, server: FakeOpenAI) -> None:
    server.reply(streamed(text_chunks("f", "ive")) if "stream" in way else whole(completion("five")))


@tool
def add(a: int, b: int) -> int:
    """Adds."""
    return a + b


@pytest.mark.parametrize("way", WAYS)
async def test_without_the_client_langchain_tells_of_the_call(
    way: str, server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    answers(way, server)
    model = model_of(server, stream_usage=True).bind_tools([add], tool_choice="any")
    with start_span("outer"):
        await call(model, way, "2+3?")
    spans = [span for span in recorded.spans if span.name not in ("reading", "outer")]
    (span,) = spans
    assert span.name == "ChatOpenAI"
    (request,) = server.received
    said = told(span)
    assert said["input"] == [{"role": "user", "content": "2+3?"}]
    assert said["output"] == [
        {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "five"}}
    ]
    assert said["metadata"] == {
        "provider": "openai",
        "model": "gpt-4o-mini-2024-07-18",
        "temperature": 0.5,
        "tools": request.body["tools"],
        "tool_choice": request.body["tool_choice"],
    }
    streams = {"time_to_first_token": True} if "stream" in way else {}
    count = 2 if "stream" in way else 7
    assert said["metrics"] == {
        "prompt_tokens": 5,
        "completion_tokens": count,
        "tokens": 5 + count,
        **streams,
    }
    assert (span.attributes or {})["gen_ai.provider.name"] == "openai"


@pytest.mark.usefixtures("_client_recorded")
@pytest.mark.parametrize("way", WAYS)
async def test_with_the_client_the_client_does(
    way: str, server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    answers(way, server)
    with start_span("outer"):
        await call(model_of(server), way, "2+3?")
    lines = [line for line in outline(recorded.spans) if "reading" not in line]
    assert lines == ["outer: None", "  Chat Completion: llm"]
    assert {line for line in outline(recorded.spans) if "reading" in line} <= {"  reading: None"}


@pytest.mark.usefixtures("_client_recorded")
@pytest.mark.parametrize("way", ["invoke", "ainvoke", "stream", "astream"])
async def test_a_call_that_fails_is_one_span_too(
    way: str, server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    server.reply(failure(429))
    with pytest.raises(Exception, match="no"):
        await call(model_of(server), way, "2+3?")
    (span,) = recorded.spans
    assert span.name == "Chat Completion"
    assert (span.attributes or {})["http.response.status_code"] == 429


@pytest.mark.usefixtures("_client_recorded")
async def test_calls_side_by_side_are_one_span_each(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    model = model_of(server)
    await model.abatch(["a", "b", "c"])
    model.generate([[HumanMessage("d")], [HumanMessage("e")]])
    await model.agenerate([[HumanMessage("f")], [HumanMessage("g")]])
    assert [span.name for span in recorded.spans] == ["Chat Completion"] * 7


@pytest.mark.usefixtures("_client_recorded")
@pytest.mark.parametrize("way", ["stream", "astream"])
async def test_what_the_program_calls_while_it_reads_has_a_span_of_its_own(
    way: str, server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    """Here the model that is read is of a client that is not recorded."""
    unrecorded = GenericFakeChatModel(messages=iter([AIMessage("ho ho")]))
    model = model_of(server)
    if way == "stream":
        for _chunk in unrecorded.stream("hi"):
            model.invoke("2+3?")
    else:
        async for _chunk in unrecorded.astream("hi"):
            await model.ainvoke("2+3?")
    names = sorted(span.name for span in recorded.spans)
    assert names == ["Chat Completion"] * 3 + ["GenericFakeChatModel"]


def test_one_answer_told_by_both_is_told_alike(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    model = model_of(server, n=2)
    server.reply(whole(completion("a", "b")), whole(completion("a", "b")))
    model.invoke("hi")
    undo = patch_openai()
    model.invoke("hi")
    undo()
    by_langchain, by_client = (told(span) for span in recorded.spans)
    assert json.dumps(by_langchain["input"], sort_keys=True) == json.dumps(by_client["input"], sort_keys=True)
    assert by_langchain["metrics"] == by_client["metrics"]
    assert by_langchain["metadata"] == by_client["metadata"]
    for mine, theirs in zip(by_langchain["output"], by_client["output"], strict=True):
        assert mine == {key: value for key, value in theirs.items() if value is not None}


def test_the_top_has_the_tokens_of_all(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    undo = patch_openai()
    model = model_of(server)
    (model | RunnableLambda(lambda message: model.invoke(str(message)))).invoke("hi")
    undo()
    top = recorded.spans[-1]
    assert attribute(top, "metrics") == {"prompt_tokens": 10, "completion_tokens": 14, "tokens": 24}
    assert attribute(top, "span_attributes")["type"] == "task"
