"""What is watched of a call's requests, and what is said of it."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from spanscore.integrations import answers_cached
from spanscore.integrations._answers_folder import Answer
from spanscore.integrations._transfer import Transfer, taken, transfer_of
from spanscore.integrations._watching import watching
from spanscore.tracing import guard
from spanscore.wire.http_attempts import HTTP_ATTEMPTS, HttpAttempt

pytestmark = pytest.mark.core

CLIENT = object()
URL = "https://api.openai.com/v1/chat/completions"
ANSWER = Answer(status=200, headers=(), parts=(b"{}",))


def ignore(attempt: HttpAttempt) -> None:
    """A listener that does nothing."""


def test_a_coroutine_may_be_closed_elsewhere() -> None:
    async def call() -> None:
        with watching(None, CLIENT):
            await asyncio.sleep(60)

    async def begin(coroutine: Coroutine[Any, Any, None]) -> None:
        coroutine.send(None)

    with HTTP_ATTEMPTS.listening(ignore):
        coroutine = call()
        asyncio.run(begin(coroutine))
        coroutine.close()
    assert transfer_of(CLIENT) is None


def test_attempts_are_told_with_their_limits() -> None:
    heard: list[HttpAttempt] = []
    transfer = Transfer(None, CLIENT, None)
    transfer.answered("host", 200, [("x-nobody", "listens")])
    with HTTP_ATTEMPTS.listening(heard.append):
        transfer.answered("host", 429, [("Retry-After", "1"), ("server", "a")])
        transfer.failed("host", TimeoutError())
    assert heard == [
        HttpAttempt(host="host", status=429, headers={"retry-after": "1"}),
        HttpAttempt(host="host", status=None, headers={}, error="TimeoutError"),
    ]


def test_attempts_again_have_the_key_of_the_first(tmp_path: Path) -> None:
    with answers_cached(tmp_path), watching(None, CLIENT):
        transfer = transfer_of(CLIENT)
        assert transfer is not None
        first = transfer.key("POST", URL, {}, b"{}")
        assert first is not None
        assert transfer.key("POST", URL, {}, b"{}") == first
        assert transfer.key("POST", URL, {}, b'{"a": 1}') not in (None, first)
        assert transfer.key("GET", URL, {}, b"{}") is None
        transfer.keep(first, ANSWER)
        assert transfer.kept(first) == ANSWER
        assert transfer.kept(None) is None


def test_without_kept_answers_there_is_no_key() -> None:
    transfer = Transfer(None, CLIENT, None)
    assert transfer.key("POST", URL, {}, b"{}") is None
    assert transfer.kept("0" * 64) is None
    transfer.keep("0" * 64, ANSWER)


def test_a_disk_that_fails_harms_nobody(tmp_path: Path) -> None:
    guard.reraise = False
    with answers_cached(tmp_path), watching(None, CLIENT):
        transfer = transfer_of(CLIENT)
        assert transfer is not None
        (tmp_path / "00").touch()
        transfer.keep("0" * 64, ANSWER)
        assert transfer.kept("0" * 64) is None
    assert guard.drain() == {"keeping an answer": 1}


def test_a_request_that_is_carried_out_may_be_closed_elsewhere() -> None:
    async def request() -> None:
        with taken():
            await asyncio.sleep(60)

    async def begin(coroutine: Coroutine[Any, Any, None]) -> None:
        coroutine.send(None)

    coroutine = request()
    asyncio.run(begin(coroutine))
    coroutine.close()


def test_what_carries_out_a_request_is_no_part_of_it() -> None:
    with HTTP_ATTEMPTS.listening(ignore), watching(None):
        transfer = transfer_of(CLIENT)
        with taken():
            assert transfer_of(CLIENT) is None
        assert transfer_of(CLIENT) is transfer is not None
