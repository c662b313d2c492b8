"""`load_prompt` over a real socket."""

import json
from pathlib import Path
from typing import Any

import pytest

import spanscore
from http_sink import Answer, HttpSink
from spanscore.errors import ConfigError, RetryLaterError, UnauthorizedError

pytestmark = pytest.mark.core

PROMPT: dict[str, Any] = {
    "id": "p1",
    "_xact_id": "1000197156529394086",
    "project_id": "proj",
    "name": "Greeting",
    "slug": "greeting",
    "prompt_data": {
        "prompt": {"type": "chat", "messages": [{"role": "user", "content": "Hi"}]},
        "options": {"model": "gpt-5-mini"},
    },
}


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    with HttpSink() as sink:
        monkeypatch.setenv("SPANSCORE_HOME", str(tmp_path))
        monkeypatch.setenv("BRAINTRUST_API_URL", sink.url)
        monkeypatch.setenv("BRAINTRUST_API_KEY", "sk-1")
        sink.answer = lambda _request: Answer(body=json.dumps({"objects": [PROMPT]}).encode())
        yield sink


def test_a_prompt_is_asked_for_when_it_is_used(server: HttpSink) -> None:
    prompt = spanscore.load_prompt("bot", "greeting", defaults={"seed": 1}, no_trace=True)
    assert server.requests == []
    built = prompt.build()
    assert built == {"seed": 1, "model": "gpt-5-mini", "messages": [{"role": "user", "content": "Hi"}]}
    assert [request.path for request in server.requests] == ["/v1/prompt?project_name=bot&slug=greeting"]


def test_a_version_goes_before_an_environment(server: HttpSink) -> None:
    _ = spanscore.load_prompt("bot", "greeting", version=7, environment="live").slug
    assert server.requests[0].path == "/v1/prompt?project_name=bot&slug=greeting&version=7"


@pytest.mark.parametrize(
    "answer", [Answer(status=500), Answer(body=b"<html>Sign in")], ids=["an error", "a proxy's page"]
)
def test_another_process_finds_what_was_loaded_while_the_server_is_away(
    answer: Answer, server: HttpSink, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first = spanscore.load_prompt("bot", "greeting").build()
    server.answer = lambda _request: answer
    monkeypatch.setattr("spanscore.client._http.ATTEMPTS", 1)
    assert spanscore.load_prompt("bot", "greeting").build() == first
    assert "the prompt bot/greeting is as it was when it was last loaded" in caplog.text
    with pytest.raises(RetryLaterError):
        _ = spanscore.load_prompt("bot", "another").slug
    # Nothing of another account's.
    with pytest.raises(RetryLaterError):
        _ = spanscore.load_prompt("bot", "greeting", api_key="sk-2").slug


def test_without_a_key_the_use_says_where_keys_come_from(
    server: HttpSink, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("BRAINTRUST_API_KEY")
    monkeypatch.chdir(tmp_path)
    prompt = spanscore.load_prompt("bot", "greeting")
    with pytest.raises(UnauthorizedError, match=r"BRAINTRUST_API_KEY.*\.env\.braintrust"):
        prompt.build()


def test_too_little_is_an_error_at_once() -> None:
    with pytest.raises(ConfigError, match="the slug of the prompt is not given"):
        spanscore.load_prompt("bot")


async def test_it_can_be_awaited(server: HttpSink) -> None:
    prompt = await spanscore.load_prompt_async("bot", "greeting", no_trace=True)
    assert (len(server.requests), prompt.slug, len(server.requests)) == (1, "greeting", 1)
