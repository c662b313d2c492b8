"""`span_info=` of a recorded client's methods is told and not sent; elsewhere it is the client's error."""

import inspect
from typing import Any

import pytest
from openai import AsyncOpenAI, DefaultAsyncHttpxClient, DefaultHttpxClient, OpenAI
from openai.resources.chat.completions import AsyncCompletions, Completions

from fake_openai import FakeOpenAI, completion, whole
from openai_forms import ASKED, OPTIONS, Answer, async_client_of, client_of, collected, helpers
from span_reading import attribute
from spanscore import wrap_openai
from spanscore.api.instrument import instrument, uninstrument
from spanscore.testing import RecordedRecords

PROMPT = {"id": "p1", "project_id": "j1", "version": "7", "variables": {}}
INFO: Any = {"name": "judge", "metadata": {"prompt": PROMPT}, "span_attributes": {"purpose": "scorer"}}
JSON = whole(completion('{"n": 1}'))


def check(server: FakeOpenAI, recorded: RecordedRecords, calls: int) -> None:
    assert ["span_info" in received.body for received in server.received] == [False] * calls
    assert [
        (span.name, attribute(span, "metadata")["prompt"], attribute(span, "span_attributes"))
        for span in recorded.spans
    ] == [("judge", PROMPT, {"type": "llm", "purpose": "scorer"})] * calls


def test_every_form(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    with client_of(server.url) as client:
        create: Any = client.chat.completions.create
        create(**ASKED, span_info=INFO)
        create(**ASKED, span_info=INFO, extra_body={"max_tool_calls": 3})
        list(create(**ASKED, stream=True, span_info=INFO))
        copied: Any = client.with_options(timeout=9).chat.completions
        copied.create(**ASKED, span_info=INFO)
        raw: Any = client.chat.completions.with_raw_response.create
        raw(**ASKED, span_info=INFO)
        server.reply(JSON)
        helpers(client).parse(**ASKED, response_format=Answer, span_info=INFO)
        with helpers(client).stream(**ASKED, span_info=INFO) as stream:
            stream.until_done()
    check(server, recorded, 7)
    assert server.received[1].body["max_tool_calls"] == 3


async def test_asynchronously(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    async with async_client_of(server.url) as client:
        create: Any = client.chat.completions.create
        await create(**ASKED, span_info=INFO)
        await collected(await create(**ASKED, stream=True, span_info=INFO))
        server.reply(JSON)
        await helpers(client).parse(**ASKED, response_format=Answer, span_info=INFO)
    check(server, recorded, 3)


def test_clients_that_are_not_recorded_refuse_it(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    options: Any = {**OPTIONS, "base_url": server.url, "http_client": DefaultHttpxClient(verify=False)}
    with OpenAI(**options) as bare, wrap_openai(OpenAI(**options)):
        completions: Any = bare.chat.completions
        with pytest.raises(TypeError, match="unexpected keyword argument 'span_info'"):
            completions.create(**ASKED, span_info=INFO)
        instrument("openai")
        completions.create(**ASKED, span_info=INFO)
        uninstrument("openai")
        with pytest.raises(TypeError, match="unexpected keyword argument 'span_info'"):
            completions.create(**ASKED, span_info=INFO)
    check(server, recorded, 1)


async def test_without_recording_it_is_not_sent_either(server: FakeOpenAI) -> None:
    with client_of(server.url) as client:
        create: Any = client.chat.completions.create
        create(**ASKED, span_info=INFO)
    async with wrap_openai(
        AsyncOpenAI(base_url=server.url, http_client=DefaultAsyncHttpxClient(verify=False), **OPTIONS)
    ) as async_client:
        acreate: Any = async_client.chat.completions.create
        await acreate(**ASKED, span_info=INFO)
    assert ["span_info" in received.body for received in server.received] == [False, False]


def test_methods_stay_what_they_look_like() -> None:
    for kind in (Completions, AsyncCompletions):
        assert next(iter(inspect.signature(kind.create).parameters)) == "self"
        assert "messages" in inspect.signature(kind.create).parameters
    parse = getattr(AsyncCompletions, "parse", None)
    assert parse is None or inspect.iscoroutinefunction(parse)
