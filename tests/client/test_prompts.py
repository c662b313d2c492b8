"""Prompts over the REST interface: which requests, and what becomes of the answers."""

import json
from pathlib import Path
from typing import Any

import pytest

from http_sink import Answer, HttpSink
from spanscore._config import Settings
from spanscore.client import RestClient
from spanscore.client.prompts import fetch_prompt
from spanscore.errors import NotFoundError, RejectedError
from spanscore.wire.hosted import HostedQuery

pytestmark = pytest.mark.core


def client(sink: HttpSink, home: Path) -> RestClient:
    return RestClient(Settings.from_env(home=home, api_key="sk", api_url=sink.url), sleep=lambda _s: None)


@pytest.mark.parametrize(
    ("query", "answer", "path"),
    [
        ({"project": "bot", "slug": "hi"}, {"objects": [{"id": "p"}]}, "/v1/prompt?project_name=bot&slug=hi"),
        (
            {"project": "bot", "project_id": "x", "slug": "hi", "version": "7", "environment": "live"},
            {"objects": [{"id": "p"}]},
            "/v1/prompt?project_id=x&slug=hi&version=7",
        ),
        (
            {"project": "bot", "slug": "hi", "environment": "live"},
            {"objects": [{"id": "p"}]},
            "/v1/prompt?project_name=bot&slug=hi&environment=live",
        ),
        ({"id": "p", "version": "7"}, {"id": "p"}, "/v1/prompt/p?version=7"),
    ],
)
def test_what_is_asked(query: dict[str, Any], answer: Any, path: str, tmp_path: Path) -> None:
    with HttpSink() as sink:
        sink.script.append(Answer(body=json.dumps(answer).encode()))
        assert fetch_prompt(client(sink, tmp_path), HostedQuery(**query)) == {"id": "p"}
        assert [request.path for request in sink.requests] == [path]


def test_none_and_several_are_errors(tmp_path: Path) -> None:
    with HttpSink() as sink:
        sink.script += [Answer(body=b'{"objects":[]}'), Answer(body=b'{"objects":[{"id":"a"},{"id":"b"}]}')]
        query = HostedQuery(project="bot", slug="hi")
        with pytest.raises(NotFoundError, match="there is no prompt bot/hi on "):
            fetch_prompt(client(sink, tmp_path), query)
        with pytest.raises(RejectedError, match="has 2 of prompt bot/hi; give an id"):
            fetch_prompt(client(sink, tmp_path), query)


@pytest.mark.parametrize("answer", [b"[]", b"null", b'{"objects":[1]}'])
def test_an_answer_that_is_no_list_of_prompts_has_none(answer: bytes, tmp_path: Path) -> None:
    with HttpSink() as sink:
        sink.script.append(Answer(body=answer))
        with pytest.raises(NotFoundError, match="there is no prompt bot/hi on "):
            fetch_prompt(client(sink, tmp_path), HostedQuery(project="bot", slug="hi"))
