"""Calls of hosted functions over a real socket."""

import json
from pathlib import Path

import pytest

from http_sink import Answer, HttpSink
from spanscore._config import Settings
from spanscore.client import RestClient
from spanscore.client.functions import invoke, pinned
from spanscore.errors import InvokeError, NotFoundError, RejectedError, UnauthorizedError

pytestmark = pytest.mark.core

KEY = "sk-never-to-be-seen"


def client(sink: HttpSink, home: Path, org_name: str | None = None) -> RestClient:
    settings = Settings.from_env(home=home, api_key=KEY, api_url=sink.url, org_name=org_name)
    return RestClient(settings, sleep=lambda _s: None)


def test_a_call_is_one_request(tmp_path: Path) -> None:
    with HttpSink() as sink:
        sink.script.append(Answer(body=b'{"score":1}'))
        found = invoke(
            client(sink, tmp_path, "acme"), {"slug": "fn", "input": "sk-in-a-text"}, project_id="p"
        )
        (request,) = sink.requests
    wanted = ("authorization", "content-type", "accept", "x-bt-project-id", "x-bt-org-name")
    assert found == {"score": 1}
    assert (request.method, request.path, json.loads(request.body)) == (
        "POST",
        "/function/invoke",
        {"slug": "fn", "input": "sk-in-a-text"},
    )
    assert [request.headers[name] for name in wanted] == [
        f"Bearer {KEY}",
        "application/json",
        "application/json",
        "p",
        "acme",
    ]


def test_a_stream_is_its_events(tmp_path: Path) -> None:
    with HttpSink() as sink:
        sink.script.append(Answer(body=b'event: text_delta\ndata: "a"\n\n'))
        events = invoke(client(sink, tmp_path), {"stream": True})
        assert list(events) == [("text_delta", '"a"')]
        assert sink.requests[0].headers["accept"] == "text/event-stream"


@pytest.mark.parametrize(
    ("answer", "kind", "message"),
    [
        (Answer(status=500, body=b"it raised KeyError"), InvokeError, "answered 500: it raised KeyError"),
        (Answer(status=400, body=b"no such input"), InvokeError, "answered 400: no such input"),
        (Answer(status=404, body=b"no function"), NotFoundError, "answered 404: no function"),
        (Answer(status=401), UnauthorizedError, "answered 401"),
        (Answer(body=b"<html>"), InvokeError, "answered with what is no JSON"),
        (Answer(status=500, body=b"no such header: Bearer " + KEY.encode()), InvokeError, "header: Bearer"),
        (Answer(drop=True), InvokeError, "cannot be reached"),
    ],
)
def test_what_goes_wrong_is_said_and_not_tried_again(
    answer: Answer, kind: type[Exception], message: str, tmp_path: Path
) -> None:
    with HttpSink() as sink:
        sink.script.append(answer)
        with pytest.raises(kind, match=message) as caught:
            invoke(client(sink, tmp_path), {"slug": "fn"})
        assert (len(sink.requests), KEY in str(caught.value)) == (1, False)


def test_an_environment_has_one_version(tmp_path: Path) -> None:
    with HttpSink() as sink:
        sink.script += [
            Answer(body=b'{"objects":[{"id":"f","_xact_id":"7"}]}'),
            Answer(body=b'{"objects":[]}'),
        ]
        query = {"project_name": "bot", "slug": "fn", "environment": "live"}
        assert pinned(client(sink, tmp_path), query) == ("f", "7")
        assert sink.requests[0].path == "/v1/function?project_name=bot&slug=fn&environment=live"
        with pytest.raises(NotFoundError, match="there is no such function"):
            pinned(client(sink, tmp_path), query)


@pytest.mark.parametrize("key", ["sk-\nnever", "sk-n\u00e9ver\u2026"])
def test_a_key_that_no_request_can_carry_is_said_without_it(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRAINTRUST_API_KEY", key)
    with HttpSink() as sink:
        settings = Settings.from_env(home=tmp_path, api_url=sink.url)
        with pytest.raises(UnauthorizedError, match="BRAINTRUST_API_KEY") as caught:
            invoke(RestClient(settings), {"slug": "fn"})
        assert (sink.requests, key in str(caught.value)) == ([], False)


def test_an_answer_that_is_no_function_is_refused(tmp_path: Path) -> None:
    with HttpSink() as sink:
        sink.script += [Answer(body=b"[]"), Answer(body=b'{"objects":[{"id":1}]}')]
        with pytest.raises(NotFoundError):
            pinned(client(sink, tmp_path), {"slug": "fn"})
        with pytest.raises(RejectedError, match="no function"):
            pinned(client(sink, tmp_path), {"slug": "fn"})
