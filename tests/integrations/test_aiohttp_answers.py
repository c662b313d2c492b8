"""Answers of aiohttp's sessions: kept as they are read, given again by responses of the same class."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fake_openai import FakeOpenAI, Reply, completion, failure, streamed, text_chunks, whole
from spanscore.integrations import _aiohttp_answers, answers_cached
from spanscore.integrations._aiohttp_sessions import stop_looking
from spanscore.integrations._watching import watching

aiohttp: Any = pytest.importorskip("aiohttp")

BODY = b'{"model": "m", "messages": []}'
STREAM = streamed(text_chunks("one", "two"))


@pytest.fixture(autouse=True)
def sessions_as_they_were() -> Iterator[None]:
    stop_looking()
    yield
    stop_looking()


async def by_text(response: Any) -> bytes:
    return (await response.text()).encode()


async def by_lines(response: Any) -> bytes:
    return b"".join([line async for line in response.content])


async def by_any(response: Any) -> bytes:
    return b"".join([part async for part in response.content.iter_any()])


async def by_pieces(response: Any) -> bytes:
    return b"".join([part async for part in response.content.iter_chunked(7)])


async def by_chunks(response: Any) -> bytes:
    return b"".join([part async for part, _ in response.content.iter_chunks()])


READ = [by_text, by_lines, by_any, by_pieces, by_chunks]


async def posted(
    server: FakeOpenAI, read: Callable[[Any], Awaitable[bytes]] = by_text, **asked: Any
) -> tuple[bytes, Any]:
    given: dict[str, Any] = {"data": BODY, "headers": {"accept": "*/*"}, **asked}
    async with aiohttp.ClientSession() as session:
        with watching(None):
            async with session.post(f"{server.url}/chat/completions", **given) as response:
                return await read(response), response


@pytest.mark.parametrize("read", READ)
@pytest.mark.parametrize("reply", [whole(completion("a")), STREAM], ids=["whole", "streamed"])
async def test_however_it_is_read(
    read: Callable[[Any], Awaitable[bytes]], reply: Reply, server: FakeOpenAI, tmp_path: Path
) -> None:
    server.reply(replace(reply, headers={"x-request-id": "r1", "set-cookie": "secret=1"}))
    with answers_cached(tmp_path):
        first, told = await posted(server, read)
        again, replayed = await posted(server, read)
    assert again == first != b""
    assert len(server.received) == 1
    assert isinstance(replayed, aiohttp.ClientResponse)
    assert (replayed.status, replayed.reason, replayed.ok) == (told.status, told.reason, True)
    assert replayed.content_type == told.content_type
    assert replayed.headers["x-request-id"] == "r1"
    assert "set-cookie" not in replayed.headers
    assert (replayed.url, replayed.method) == (told.url, told.method)
    assert (replayed.closed, dict(replayed.cookies), repr(replayed)[:15]) == (True, {}, "<ClientResponse")


async def test_json_and_what_follows_a_read(server: FakeOpenAI, tmp_path: Path) -> None:
    async def read(response: Any) -> bytes:
        response.raise_for_status()
        assert await response.json() == await response.json()
        return await response.read()

    with answers_cached(tmp_path):
        assert (await posted(server, read))[0] == (await posted(server, read))[0]
    assert len(server.received) == 1


async def test_a_stream_that_is_left_is_not_kept(server: FakeOpenAI, tmp_path: Path) -> None:
    async def read(response: Any) -> bytes:
        return await response.content.readline()

    server.reply(replace(STREAM, cuts=(5, 300)))
    with answers_cached(tmp_path):
        await posted(server, read)
        await posted(server)
    assert len(server.received) == 2


@pytest.mark.parametrize(
    "asked",
    [
        {"data": None, "json": {"model": "m"}},
        {"params": {"a": "b"}},
        {"headers": [("accept", "*/*")]},
        {"data": BODY.decode()},
    ],
    ids=str,
)
async def test_what_is_asked_in_another_way_is_passed_on(
    asked: dict[str, Any], server: FakeOpenAI, tmp_path: Path
) -> None:
    with answers_cached(tmp_path):
        for _ in range(2):
            await posted(server, **asked)
    assert len(server.received) == 2


async def test_errors_and_large_answers_are_not_kept(
    server: FakeOpenAI, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.reply(failure(500))
    with answers_cached(tmp_path):
        await posted(server)
        monkeypatch.setattr(_aiohttp_answers, "MAX_BODY", 10)
        await posted(server)
        await posted(server)
    assert len(server.received) == 3


async def test_requests_side_by_side(server: FakeOpenAI, tmp_path: Path) -> None:
    with answers_cached(tmp_path):
        first, _ = await posted(server)
        others = await asyncio.wait_for(asyncio.create_task(posted(server)), 10)
    assert others[0] == first
