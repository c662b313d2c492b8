"""Class-level recording: every client, present and future, with one span a call, until it is undone."""

from collections.abc import Iterator
from typing import Any

import openai
import pytest
from openai import AsyncOpenAI, AzureOpenAI, DefaultAsyncHttpxClient, DefaultHttpxClient, OpenAI

from fake_openai import FakeOpenAI
from openai_forms import ASKED, OPTIONS, content
from span_reading import told
from spanscore import wrap_openai
from spanscore.api.instrument import auto_instrument, instrument, uninstrument
from spanscore.testing import RecordedRecords


@pytest.fixture(autouse=True)
def _undone() -> Iterator[None]:
    yield
    uninstrument()


def client_of(url: str, kind: Any = OpenAI, **options: Any) -> Any:
    return kind(base_url=url, http_client=DefaultHttpxClient(verify=False), **OPTIONS, **options)


def test_clients_made_before_and_after_are_recorded(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    with client_of(server.url) as before:
        instrument("openai")
        with client_of(server.url) as after:
            for client in (before, after, after.with_options(timeout=9).copy()):
                assert content(client.chat.completions.create(**ASKED)) == "Hello from the fake server"
    assert [told(span)["output"][0]["message"]["content"] for span in recorded.spans] == [
        "Hello from the fake server"
    ] * 3


async def test_asynchronous_and_azure_clients_too(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    instrument("openai")
    async with AsyncOpenAI(
        base_url=server.url, http_client=DefaultAsyncHttpxClient(verify=False), **OPTIONS
    ) as client:
        await client.chat.completions.create(**ASKED)
    with AzureOpenAI(
        azure_endpoint=server.url.removesuffix("/v1"),
        api_version="2024-10-21",
        http_client=DefaultHttpxClient(verify=False),
        **OPTIONS,
    ) as azure:
        azure.chat.completions.create(**ASKED)
    assert [told(span)["metadata"]["provider"] for span in recorded.spans] == ["openai", "azure"]


def test_a_wrapped_client_gives_one_span(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    with wrap_openai(client_of(server.url)) as earlier, client_of(server.url) as client:
        auto_instrument()
        auto_instrument()
        later = wrap_openai(client)
        for wrapped in (earlier, later):
            wrapped.chat.completions.create(**ASKED)
            list(wrapped.chat.completions.create(**ASKED, stream=True))
    assert len(recorded.spans) == 4


def test_undoing_puts_the_classes_back(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    before = [dict(vars(kind)) for kind in (openai.OpenAI, openai.AsyncOpenAI)]
    with client_of(server.url) as client, wrap_openai(client_of(server.url)) as wrapped:
        instrument("openai")
        uninstrument("openai")
        client.chat.completions.create(**ASKED)
        assert recorded.spans == []
        wrapped.chat.completions.create(**ASKED)
        assert len(recorded.spans) == 1
    assert [dict(vars(kind)) for kind in (openai.OpenAI, openai.AsyncOpenAI)] == before
