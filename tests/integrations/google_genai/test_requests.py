"""What is sent is what the caller wants sent; the span tells it as it was sent."""

import gc
from typing import Any

import pytest
from google.genai import types

from fake_google import FakeGoogle, Reply, chunk, streamed
from google_forms import (
    ASKED,
    CONTENTS,
    MODEL,
    async_client_of,
    bare_client,
    client_of,
    closing_client,
    collected,
)
from span_reading import attribute, told
from spanscore.integrations.google_genai import wrap
from spanscore.integrations.google_genai._requests import RECORDERS
from spanscore.testing import RecordedRecords, recorded_spans

PROMPT = {"id": "p1", "project_id": "j1", "version": "7", "variables": {"a": 1}}
INFO = {
    "metadata": {"team": "blue", "model": "mine", "prompt": PROMPT},
    "name": "judge",
    "span_attributes": {"purpose": "scorer", "name": "Judge"},
}


def options_with(extra: Any) -> list[Any]:
    """A configuration with these as the extra body, in all forms that the client takes."""
    return [
        types.GenerateContentConfig(http_options=types.HttpOptions(extra_body=extra)),
        {"http_options": {"extra_body": extra}},
    ]


@pytest.mark.parametrize("config", options_with({"span_info": INFO, "kept": 1}))
async def test_span_info_is_told_and_taken_out_of_the_request(
    config: Any, server: FakeGoogle, recorded: RecordedRecords
) -> None:
    async with async_client_of(server.url) as client:
        client.models.generate_content(**ASKED, config=config)
        list(client.models.generate_content_stream(**ASKED, config=config))
        await client.aio.models.generate_content(**ASKED, config=config)
        await collected(await client.aio.models.generate_content_stream(**ASKED, config=config))
    with closing_client(bare_client(server.url)) as bare:
        bare.models.generate_content(**ASKED, config=options_with({"kept": 1})[0])
    *sent, expected = (received.body for received in server.received)
    assert sent == [expected] * 4
    assert types.GenerateContentConfig.model_validate(config) == types.GenerateContentConfig.model_validate(
        options_with({"span_info": INFO, "kept": 1})[0]
    )
    assert len(recorded.spans) == 4
    for span in recorded.spans:
        assert span.name == "judge"
        assert attribute(span, "span_attributes") == {"type": "llm", "name": "Judge", "purpose": "scorer"}
        assert attribute(span, "metadata") == {
            "team": "blue",
            "provider": "google",
            "model": "gemini-2.5-flash-001",
            "prompt": PROMPT,
        }


def test_span_info_is_taken_out_when_nothing_is_recorded(server: FakeGoogle) -> None:
    with client_of(server.url) as client:
        client.models.generate_content(**ASKED, config=options_with({"span_info": INFO})[0])
    assert set(server.received[0].body) == {"contents", "generationConfig"}


def test_what_is_sent_besides_is_told(server: FakeGoogle) -> None:
    extra: Any = {"generationConfig": {"topK": 3}, "labels": {"a_b": "c"}}
    asked: Any = {**ASKED, "config": {"temperature": 0.5, "http_options": {"extra_body": extra}}}
    with recorded_spans(capture="all") as recorded:
        with client_of(server.url) as client:
            client.models.generate_content(**asked)
        with client_of(server.url, extra_body={"labels": {"d": "e"}}) as client:
            client.models.generate_content(**ASKED)
            client.models.generate_content(**asked)
    assert [received.body for received in server.received] == [
        {"contents": CONTENTS, "generationConfig": {"temperature": 0.5, "topK": 3}, "labels": {"a_b": "c"}},
        {"contents": CONTENTS, "labels": {"d": "e"}},
        {"contents": CONTENTS, "generationConfig": {"temperature": 0.5, "topK": 3}, "labels": {"a_b": "c"}},
    ]
    first, second, third = (attribute(span, "metadata") for span in recorded.spans)
    assert first == third
    assert {name: first[name] for name in ("temperature", "topK", "labels")} == {
        "temperature": 0.5,
        "topK": 3,
        "labels": {"a_b": "c"},
    }
    assert second["labels"] == {"d": "e"}


async def test_an_answer_that_is_no_json_is_the_error_that_the_client_raises(
    server: FakeGoogle, recorded: RecordedRecords
) -> None:
    """The client reads the body after its request is done."""
    server.reply(Reply(body='{"candidates": ['), Reply(body='{"candidates": ['))
    with client_of(server.url) as client, pytest.raises(ValueError, match="Expecting value") as raised:
        client.models.generate_content(**ASKED)
    async with async_client_of(server.url) as client:
        with pytest.raises(ValueError, match="Expecting value"):
            await client.aio.models.generate_content(**ASKED)
    said = [dict(span.events[0].attributes or {}) for span in recorded.spans]
    assert [each["exception.message"] for each in said] == [str(raised.value)] * 2


def test_the_api_client_may_be_called_by_keywords(server: FakeGoogle, recorded: RecordedRecords) -> None:
    sent: Any = {"contents": CONTENTS, "_url": {"model": MODEL}}
    with client_of(server.url) as client:
        client._api_client.request(
            http_method="post",
            path=f"models/{MODEL}:generateContent",
            request_dict=dict(sent),
            http_options=types.HttpOptions(extra_body={"span_info": {"name": "own"}}),
        )
        client._api_client.request("post", f"models/{MODEL}:generateContent", dict(sent))
    assert [received.body for received in server.received] == [{"contents": CONTENTS}] * 2
    assert [(span.name, told(span)["input"]) for span in recorded.spans] == [
        ("own", {"model": MODEL, "contents": CONTENTS}),
        ("generate_content", {"model": MODEL, "contents": CONTENTS}),
    ]


def test_a_stream_is_read_as_it_is_asked_for(server: FakeGoogle, recorded: RecordedRecords) -> None:
    server.reply(streamed([chunk("a"), chunk("b")]))
    with client_of(server.url) as client:
        stream: Any = client._api_client.request_streamed(
            "post", f"models/{MODEL}:streamGenerateContent?alt=sse", {"contents": CONTENTS}
        )
        assert server.received == []
        next(stream)
        assert recorded.spans == []
        stream.close()
    assert told(recorded.spans[0])["output"] == {"candidates": chunk("a")["candidates"]}


async def test_an_async_stream_that_is_never_read_is_ended_when_it_is_collected(
    server: FakeGoogle, recorded: RecordedRecords
) -> None:
    async with async_client_of(server.url) as client:
        stream: Any = await client._api_client.async_request_streamed(
            "post", f"models/{MODEL}:streamGenerateContent?alt=sse", {"contents": CONTENTS}
        )
        assert recorded.spans == []
        del stream
        gc.collect()
    assert [told(span)["output"] for span in recorded.spans] == [None]


def test_recorders_replace_the_methods_of_the_api_client() -> None:
    with closing_client(bare_client("http://127.0.0.1:1")) as client:
        before = type(client._api_client)
        wrap(client)
        for name in RECORDERS:
            assert getattr(client._api_client, name).__doc__ == getattr(before, name).__doc__
        assert isinstance(client._api_client, before)
