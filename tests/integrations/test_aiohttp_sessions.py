"""Attempts of aiohttp's sessions are told once, also where httpx goes over them."""

from collections.abc import Iterator
from typing import Any

import pytest

from fake_openai import FakeOpenAI, failure
from spanscore.integrations._aiohttp_sessions import look_at_sessions, stop_looking
from spanscore.integrations._watching import watching
from spanscore.wire.http_attempts import HTTP_ATTEMPTS, HttpAttempt

aiohttp: Any = pytest.importorskip("aiohttp")


@pytest.fixture(autouse=True)
def sessions_as_they_were() -> Iterator[None]:
    stop_looking()
    yield
    stop_looking()


@pytest.fixture
def heard() -> Iterator[list[HttpAttempt]]:
    attempts: list[HttpAttempt] = []
    with HTTP_ATTEMPTS.listening(attempts.append):
        yield attempts


async def test_attempts_are_told(server: FakeOpenAI, heard: list[HttpAttempt]) -> None:
    server.reply(failure(429))
    async with aiohttp.ClientSession() as session:
        with watching(None):
            async with session.post(server.url, json={}) as response:
                assert response.status == 429
            async with session.request(method="POST", url=server.url, json={}):
                pass
            with pytest.raises(aiohttp.ClientConnectorError):
                await session.post("http://127.0.0.1:9/", json={})
        async with session.post(server.url, json={}):
            pass
    host = f"127.0.0.1:{server.port}"
    assert [(attempt.host, attempt.status, attempt.error) for attempt in heard] == [
        (host, 429, None),
        (host, 200, None),
        ("127.0.0.1:9", None, "ClientConnectorError"),
    ]
    assert heard[0].headers == {"retry-after-ms": "1"}


async def test_httpx_over_a_session_is_told_once(server: FakeOpenAI, heard: list[HttpAttempt]) -> None:
    httpx = pytest.importorskip("httpx")

    class Transport(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: Any) -> Any:
            async with aiohttp.ClientSession() as session, session.post(server.url, json={}) as response:
                return httpx.Response(response.status, content=await response.read())

    async with httpx.AsyncClient(transport=Transport()) as client:
        with watching(None):
            await client.post(server.url, json={})
    assert len(heard) == 1


def test_it_is_put_on_once_and_comes_off() -> None:
    before = vars(aiohttp.ClientSession)["_request"]
    look_at_sessions()
    during = vars(aiohttp.ClientSession)["_request"]
    look_at_sessions()
    assert vars(aiohttp.ClientSession)["_request"] is during is not before
    stop_looking()
    assert vars(aiohttp.ClientSession)["_request"] is before
