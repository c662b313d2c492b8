"""The engine records any client of the generated shape; it knows no provider."""

import inspect
from typing import Any

import pytest

from echo_provider import PROVIDER, AsyncClient, Client, Options, Stream
from span_reading import told
from spanscore.integrations._client import patch_requests, record_requests
from spanscore.integrations._patch import Patch
from spanscore.testing import RecordedRecords

pytestmark = pytest.mark.core

ASKED = Options(json_data={"text": "hi"})
TOLD: dict[str, Any] = {
    "input": "hi",
    "output": "hi",
    "metadata": {"provider": "echo"},
    "metrics": {"tokens": 2},
}


def test_a_client_is_recorded_and_stays_the_same_object(recorded: RecordedRecords) -> None:
    client = Client()
    assert record_requests(client, PROVIDER, is_async=False) is client
    assert client.request(dict, ASKED) == {"echo": "hi"}
    assert [(span.name, told(span)) for span in recorded.spans] == [("Echo", TOLD)]


async def test_an_async_client_is_recorded(recorded: RecordedRecords) -> None:
    client = record_requests(AsyncClient(), PROVIDER, is_async=True)
    assert inspect.iscoroutinefunction(client.request)
    assert await client.request(dict, ASKED) == {"echo": "hi"}
    assert [told(span) for span in recorded.spans] == [TOLD]


def test_copies_are_recorded_and_other_clients_are_not(recorded: RecordedRecords) -> None:
    client = record_requests(Client(), PROVIDER, is_async=False)
    client.copy().copy().request(dict, ASKED)
    Client().request(dict, ASKED)
    assert len(recorded.spans) == 1


def test_recording_twice_gives_one_span(recorded: RecordedRecords) -> None:
    client = record_requests(record_requests(Client(), PROVIDER, is_async=False), PROVIDER, is_async=False)
    client.request(dict, ASKED)
    assert len(recorded.spans) == 1


def test_the_class_looks_like_the_clients_own() -> None:
    client = record_requests(Client(), PROVIDER, is_async=False)
    kind = type(client)
    assert isinstance(client, Client)
    assert (kind.__name__, kind.__qualname__, kind.__module__, kind.__doc__) == (
        Client.__name__,
        Client.__qualname__,
        Client.__module__,
        Client.__doc__,
    )
    assert inspect.signature(kind.request) == inspect.signature(Client.request)
    assert type(record_requests(Client(), PROVIDER, is_async=False)) is kind


def test_a_stream_is_recorded_as_it_is_read(recorded: RecordedRecords) -> None:
    client = record_requests(Client(lambda options: ["h", "i"]), PROVIDER, is_async=False)
    stream = client.request(str, ASKED, stream=True, stream_cls=Stream[str])
    assert isinstance(stream, Stream)
    assert recorded.spans == []
    assert list(stream) == ["h", "i"]
    assert [told(span) for span in recorded.spans] == [
        {**TOLD, "metrics": {"tokens": 2, "time_to_first_token": True}}
    ]


class Inheriting(Client):
    """A class without a `request` of its own, as the clients have it."""


def test_what_others_patch_into_the_class_above_still_runs(
    recorded: RecordedRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    patch = Patch()
    patch_requests(patch, Inheriting, PROVIDER, is_async=False)
    wrapped = record_requests(Inheriting(), PROVIDER, is_async=False)
    original = Client.request
    monkeypatch.setattr(Client, "request", lambda *args: {**original(*args), "patched": True})
    assert [client.request(dict, ASKED) for client in (Inheriting(), wrapped)] == [
        {"echo": "hi", "patched": True}
    ] * 2
    patch.undo()
    assert "request" not in vars(Inheriting)
