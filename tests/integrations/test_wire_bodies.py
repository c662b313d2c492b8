"""Bodies of custom transports, encoded ones and large ones."""

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from spanscore.integrations import _wire_bodies, answers_cached
from spanscore.integrations._transports import stop_looking
from spanscore.integrations._watching import watching

pytestmark = pytest.mark.core

URL = "https://api.openai.com/v1/chat/completions"
BODY = b'{"choices": [1, 2, 3]}'
JSON = {"content-type": "application/json"}


@pytest.fixture(params=["httpx", "httpx2"])
def module(request: pytest.FixtureRequest) -> Any:
    return pytest.importorskip(request.param)


@pytest.fixture(autouse=True)
def transports_as_they_were() -> Iterator[None]:
    yield
    stop_looking()


class Provider:
    """A transport of the program's own; counts what it is asked."""

    def __init__(self, module: Any, answer: Callable[[], Any]) -> None:
        self.asked = 0
        self._answer = answer
        self.transport = module.MockTransport(self._handle)

    def _handle(self, request: Any) -> Any:
        self.asked += 1
        return self._answer()


def posted(module: Any, provider: Provider, **fields: Any) -> Any:
    with module.Client(transport=provider.transport) as client, watching(None, client):
        return client.post(URL, **(fields or {"json": {"model": "m"}}))


def pieces(*parts: bytes) -> Iterator[bytes]:
    yield from parts


def test_a_body_that_is_there_already_is_kept(module: Any, tmp_path: Path) -> None:
    provider = Provider(module, lambda: module.Response(200, headers=JSON, content=BODY))
    with answers_cached(tmp_path):
        answers = [posted(module, provider) for _ in range(2)]
    assert [answer.content for answer in answers] == [BODY] * 2
    assert answers[0].headers == answers[1].headers
    assert provider.asked == 1


def test_an_encoded_body_comes_back_encoded(module: Any, tmp_path: Path) -> None:
    packed = gzip.compress(BODY)
    headers = {**JSON, "content-encoding": "gzip"}
    provider = Provider(
        module, lambda: module.Response(200, headers=headers, content=pieces(packed[:9], packed[9:]))
    )
    with answers_cached(tmp_path):
        answers = [posted(module, provider) for _ in range(2)]
    assert [answer.json() for answer in answers] == [json.loads(BODY)] * 2
    assert [answer.num_bytes_downloaded for answer in answers] == [len(packed)] * 2
    assert provider.asked == 1


def test_a_body_that_cannot_be_decoded_is_not_kept(module: Any, tmp_path: Path) -> None:
    headers = {**JSON, "content-encoding": "gzip"}
    provider = Provider(module, lambda: module.Response(200, headers=headers, content=pieces(BODY)))
    with answers_cached(tmp_path):
        for _ in range(2):
            with pytest.raises(module.DecodingError):
                posted(module, provider)
    assert provider.asked == 2


def test_a_large_body_is_not_kept(module: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_wire_bodies, "MAX_BODY", len(BODY) - 1)
    provider = Provider(
        module, lambda: module.Response(200, headers=JSON, content=pieces(BODY[:5], BODY[5:]))
    )
    with answers_cached(tmp_path):
        assert [posted(module, provider).content for _ in range(2)] == [BODY] * 2
    assert provider.asked == 2


def test_a_request_whose_body_is_a_stream_is_passed_on(module: Any, tmp_path: Path) -> None:
    provider = Provider(module, lambda: module.Response(200, headers=JSON, content=BODY))
    with answers_cached(tmp_path):
        for _ in range(2):
            posted(module, provider, content=pieces(b'{"model"', b': "m"}'))
    assert provider.asked == 2


async def test_clients_of_both_kinds_share_answers(module: Any, tmp_path: Path) -> None:
    provider = Provider(module, lambda: module.Response(200, headers=JSON, content=BODY))
    with answers_cached(tmp_path):
        first = posted(module, provider)
        async with module.AsyncClient(transport=provider.transport) as client:
            with watching(None, client):
                async with client.stream("POST", URL, json={"model": "m"}) as response:
                    assert [part async for part in response.aiter_raw()] == [BODY]
    assert first.content == BODY
    assert provider.asked == 1


def test_an_answer_other_than_success_is_not_kept(module: Any, tmp_path: Path) -> None:
    provider = Provider(module, lambda: module.Response(307, headers=JSON, content=BODY))
    with answers_cached(tmp_path):
        assert [posted(module, provider).status_code for _ in range(2)] == [307, 307]
    assert provider.asked == 2
