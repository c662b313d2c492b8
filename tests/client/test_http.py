"""Requests to the REST interface over a real socket: what is sent, what is tried again, what goes wrong."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import context as otel_context

from http_sink import Answer, HttpSink
from spanscore._config import Settings
from spanscore.client import RestClient
from spanscore.errors import (
    NotFoundError,
    RejectedError,
    RetryLaterError,
    SpanscoreError,
    TooLargeError,
    UnauthorizedError,
)

pytestmark = pytest.mark.core

KEY = "sk-never-to-be-seen"


@pytest.fixture
def sink() -> Iterator[HttpSink]:
    with HttpSink() as each:
        yield each


def settings(sink: HttpSink, home: Path, **changes: Any) -> Settings:
    given = {"home": home, "api_key": KEY, "api_url": sink.url, "app_url": sink.url, **changes}
    return Settings.from_env(**given)


class Waits(list[float]):
    """Notes how long is waited, and waits no moment."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def client(sink: HttpSink, home: Path, waits: Waits | None = None, **options: Any) -> RestClient:
    return RestClient(settings(sink, home), sleep=Waits() if waits is None else waits, **options)


def test_a_get_carries_the_key_and_the_parameters_that_are_given(sink: HttpSink, tmp_path: Path) -> None:
    sink.script.append(Answer(body=b'{"objects":[1]}'))
    params = {"project_name": "a b", "summarize_scores": True, "limit": 3, "org_name": None}
    assert client(sink, tmp_path).get("/v1/experiment", params) == {"objects": [1]}
    (request,) = sink.requests
    assert (request.method, request.path, request.headers["authorization"], request.body) == (
        "GET",
        "/v1/experiment?project_name=a+b&summarize_scores=true&limit=3",
        f"Bearer {KEY}",
        b"",
    )


def test_a_post_carries_json_without_what_is_none(sink: HttpSink, tmp_path: Path) -> None:
    body = {"name": "p", "org_name": None, "metadata": {"api_key": "kept", "none": None}}
    assert client(sink, tmp_path).post("/v1/project", body) == {}
    (request,) = sink.requests
    assert request.headers["content-type"] == "application/json"
    assert json.loads(request.body) == {"name": "p", "metadata": {"api_key": "kept", "none": None}}


def test_requests_share_a_connection(sink: HttpSink, tmp_path: Path) -> None:
    asked = client(sink, tmp_path)
    for _ in range(3):
        asked.get("/version")
    asked.close()
    asked.get("/version")
    first, second, third, fourth = [request.connection for request in sink.requests]
    assert first == second == third != fourth


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_what_passes_is_tried_four_times(sink: HttpSink, tmp_path: Path, status: int) -> None:
    sink.answer = lambda _request: Answer(status=status, body=b"not now")
    waits = Waits()
    with pytest.raises(RetryLaterError, match=f"/version answered {status}: not now$"):
        client(sink, tmp_path, waits).get("/version")
    assert len(sink.requests) == 4
    assert [0.25 <= waits[0] <= 0.5, 0.5 <= waits[1] <= 1, 1 <= waits[2] <= 2] == [True] * 3


def test_a_dropped_connection_is_tried_again(sink: HttpSink, tmp_path: Path) -> None:
    sink.script += [Answer(drop=True), Answer(body=b'"there"')]
    assert client(sink, tmp_path).get("/version") == "there"


def test_the_server_says_how_long_to_wait(sink: HttpSink, tmp_path: Path) -> None:
    sink.script += [Answer(status=429, headers={"retry-after": "7"}), Answer(body=b"1")]
    waits = Waits()
    assert client(sink, tmp_path, waits).get("/version") == 1
    assert waits == [7.0]


def test_nothing_is_waited_for_beyond_the_budget(sink: HttpSink, tmp_path: Path) -> None:
    sink.answer = lambda _request: Answer(status=429, headers={"retry-after": "61"})
    waits = Waits()
    with pytest.raises(RetryLaterError):
        client(sink, tmp_path, waits).get("/version")
    assert (len(sink.requests), waits) == (1, [])


def test_what_is_not_safe_to_repeat_is_tried_once(sink: HttpSink, tmp_path: Path) -> None:
    sink.answer = lambda _request: Answer(status=503)
    with pytest.raises(RetryLaterError):
        client(sink, tmp_path).post("/v1/experiment", {"project_id": "p"})
    assert len(sink.requests) == 1
    with pytest.raises(RetryLaterError):
        client(sink, tmp_path).post("/v1/project", {"name": "p"}, is_idempotent=True)
    assert len(sink.requests) == 5


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (307, RejectedError),
        (400, RejectedError),
        (401, UnauthorizedError),
        (403, UnauthorizedError),
        (404, NotFoundError),
        (409, RejectedError),
        (413, TooLargeError),
    ],
)
def test_what_does_not_pass_is_told_at_once(
    sink: HttpSink, tmp_path: Path, status: int, kind: type[SpanscoreError]
) -> None:
    sink.answer = lambda _request: Answer(status=status, body=f"no, {KEY}".encode())
    with pytest.raises(kind, match=f"/v1/project answered {status}: no, ") as failure:
        client(sink, tmp_path).get("/v1/project")
    assert len(sink.requests) == 1
    assert KEY not in str(failure.value)


def test_a_refused_key_names_the_three_places_for_it(sink: HttpSink, tmp_path: Path) -> None:
    sink.answer = lambda _request: Answer(status=401, body=b"Invalid API key")
    with pytest.raises(UnauthorizedError, match=r"api_key=.*BRAINTRUST_API_KEY.*\.env\.braintrust"):
        client(sink, tmp_path).get("/v1/project")


def test_without_a_key_nothing_is_asked(
    sink: HttpSink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BRAINTRUST_API_KEY", raising=False)
    nobody = RestClient(settings(sink, tmp_path, api_key=None, search_from=tmp_path))
    with pytest.raises(UnauthorizedError, match=r"api_key=.*BRAINTRUST_API_KEY.*\.env\.braintrust"):
        nobody.get("/v1/project")
    monkeypatch.setenv("BRAINTRUST_API_KEY", "sk-\N{SNOWMAN}")
    with pytest.raises(UnauthorizedError, match="characters that no request can carry"):
        nobody.get("/v1/project")
    assert sink.requests == []


def test_an_answer_that_is_no_json_is_a_proxys(sink: HttpSink, tmp_path: Path) -> None:
    sink.answer = lambda _request: Answer(body=b"<html>")
    with pytest.raises(RetryLaterError, match="what is no JSON: <html>"):
        client(sink, tmp_path).get("/version")


def test_a_server_that_is_not_there_is_told_by_its_address(tmp_path: Path) -> None:
    with HttpSink() as gone:
        asked = client(gone, tmp_path)
    with pytest.raises(RetryLaterError, match=r"http://127\.0\.0\.1:\d+/version cannot be reached"):
        asked.get("/version")


def test_the_programs_instrumentation_sees_nothing_and_its_context_stays(
    sink: HttpSink, tmp_path: Path
) -> None:
    before = otel_context.get_current()
    client(sink, tmp_path).get("/version")
    assert otel_context.get_current() is before


def test_delete_is_tried_again(sink: HttpSink, tmp_path: Path) -> None:
    sink.script += [Answer(status=503), Answer(body=b'{"id":"x"}')]
    assert client(sink, tmp_path).delete("/v1/dataset/x") == {"id": "x"}
    assert [request.method for request in sink.requests] == ["DELETE", "DELETE"]


def test_an_answer_may_be_large_and_packed(sink: HttpSink, tmp_path: Path) -> None:
    rows = [{"id": number, "text": "x" * 1000} for number in range(500)]
    packed = gzip.compress(json.dumps(rows).encode())
    sink.script.append(Answer(body=packed, headers={"content-encoding": "gzip"}))
    assert client(sink, tmp_path).get("/version") == rows
