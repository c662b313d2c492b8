"""The clients' classes ask for a transfer, and nothing else of them changes."""

import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from spanscore.integrations._transports import look_at_transports, stop_looking
from spanscore.integrations._watching import watching
from spanscore.wire.http_attempts import HTTP_ATTEMPTS, HttpAttempt

pytestmark = pytest.mark.core


@pytest.fixture(params=["httpx", "httpx2"])
def module(request: pytest.FixtureRequest) -> Any:
    return pytest.importorskip(request.param)


@pytest.fixture(autouse=True)
def transports_as_they_were() -> Iterator[None]:
    stop_looking()
    yield
    stop_looking()


@pytest.fixture
def heard() -> Iterator[list[HttpAttempt]]:
    attempts: list[HttpAttempt] = []
    with HTTP_ATTEMPTS.listening(attempts.append):
        yield attempts


def answering(module: Any) -> Any:
    def answer(request: Any) -> Any:
        if request.url.path == "/broken":
            raise module.ConnectTimeout("no", request=request)
        return module.Response(429, headers={"retry-after": "3"}, text="wait")

    return module.MockTransport(answer)


def test_it_is_put_on_once_and_comes_off(module: Any) -> None:
    before = vars(module.Client)["_transport_for_url"], vars(module.AsyncClient)["_transport_for_url"]
    look_at_transports()
    during = vars(module.Client)["_transport_for_url"]
    look_at_transports()
    assert vars(module.Client)["_transport_for_url"] is during is not before[0]
    stop_looking()
    assert (
        vars(module.Client)["_transport_for_url"],
        vars(module.AsyncClient)["_transport_for_url"],
    ) == before


def test_a_custom_transport_is_asked_as_always(module: Any, heard: list[HttpAttempt]) -> None:
    with module.Client(transport=answering(module)) as client:
        client.get("http://host:1/bare")
        with watching(None, client):
            response = client.get("http://user:secret@host:1/")
            with pytest.raises(module.ConnectTimeout):
                client.get("http://host:1/broken")
    assert (response.status_code, response.text) == (429, "wait")
    assert heard == [
        HttpAttempt(host="host:1", status=429, headers={"retry-after": "3"}),
        HttpAttempt(host="host:1", status=None, headers={}, error="ConnectTimeout"),
    ]


async def test_an_async_client_is_looked_at_alike(module: Any, heard: list[HttpAttempt]) -> None:
    async with module.AsyncClient(transport=answering(module)) as client:
        with watching(None, client):
            response = await client.get("http://host/")
            with pytest.raises(module.ConnectTimeout):
                await client.get("http://host/broken")
    assert response.status_code == 429
    assert [attempt.status for attempt in heard] == [429, None]


def test_a_library_that_is_being_imported_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "httpx", ModuleType("httpx"))
    look_at_transports()
