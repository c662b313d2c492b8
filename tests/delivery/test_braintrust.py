"""Braintrust as destination, over a real socket."""

import hashlib
import json
import logging
import os
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTracePartialSuccess,
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.sdk.trace import ReadableSpan

from finished_spans import finished
from http_sink import Answer, HttpSink, Request
from spanscore._config import Settings
from spanscore._json import JsonText, to_json
from spanscore.delivery._braintrust import BraintrustDestination
from spanscore.errors import (
    ConfigError,
    DeliveryError,
    RejectedError,
    RetryLaterError,
    TooLargeError,
    UnauthorizedError,
)
from spanscore.store.ingest import ingest
from spanscore.wire.records import RowUpdate
from spanscore.wire.seams import Receipt

pytestmark = pytest.mark.core

KEY = "sk-braintrust-never-to-be-seen"
DIGEST = hashlib.sha256(KEY.encode()).hexdigest()[:16]
PROJECT = "project_name:default"
PLACES = ("api_key", "BRAINTRUST_API_KEY", ".env.braintrust")


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith(("BRAINTRUST_", "OTEL_EXPORTER_OTLP_"))]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def sink() -> Iterator[HttpSink]:
    with HttpSink() as each:
        each.answer = answered
        yield each


def answered(request: Request) -> Answer:
    if request.path == "/v1/project":
        name: str = json.loads(request.body)["name"]
        return Answer(body=f'{{"id":"id-of-{name.encode().hex()}"}}'.encode())
    return Answer()


def settings(sink: HttpSink, **changes: Any) -> Settings:
    return Settings.from_env(**{"api_key": KEY, "api_url": sink.url, **changes})


def destination(sink: HttpSink, **changes: Any) -> BraintrustDestination:
    return BraintrustDestination(settings(sink, **changes))


def update(span_id: int = 1, parent: str = "experiment_id:e1", **fields: Any) -> RowUpdate:
    texts = {name: to_json(value) for name, value in (fields or {"output": 1}).items()}
    return RowUpdate(parent=parent, trace_id=1, span_id=span_id, fields=texts)


def names(request: Request) -> list[str]:
    sent = ExportTraceServiceRequest.FromString(request.content)
    return [span.name for span in sent.resource_spans[0].scope_spans[0].spans]


def failure(made: BraintrustDestination, *records: Any) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        made.deliver(records or [finished()])
    return caught.value


def test_spans_are_posted_packed_with_the_key(sink: HttpSink) -> None:
    assert destination(sink).deliver([finished(name="a", parent=PROJECT)]) == Receipt()
    (request,) = sink.requests
    assert (request.method, request.path, names(request)) == ("POST", "/otel/v1/traces", ["a"])
    headers = ("authorization", "content-type", "content-encoding", "x-bt-parent")
    assert [request.headers[name] for name in headers] == [
        f"Bearer {KEY}",
        "application/x-protobuf",
        "gzip",
        PROJECT,
    ]


def test_each_container_gets_a_post_of_its_own(sink: HttpSink) -> None:
    parents = ["experiment_id:e1", "project_name:p", "experiment_id:e1", None]
    spans = [finished(name=str(n), span_id=n + 1, parent=parent) for n, parent in enumerate(parents)]
    destination(sink).deliver(spans)
    assert [(each.headers["x-bt-parent"], names(each)) for each in sink.requests] == [
        ("experiment_id:e1", ["0", "2"]),
        ("project_name:p", ["1"]),
        ("project_name:default", ["3"]),
    ]


PARENTS: dict[str, dict[str, str]] = {
    "project_name:default": {},
    "project_name:mine": {"project": "mine"},
    "project_id:p1": {"project": "mine", "project_id": "p1"},
}


@pytest.mark.parametrize("parent", PARENTS)
def test_spans_without_a_container_go_to_the_project_of_the_settings(sink: HttpSink, parent: str) -> None:
    destination(sink, **PARENTS[parent]).deliver([finished(parent=None)])
    assert sink.requests[0].headers["x-bt-parent"] == parent


def test_the_project_id_of_the_environment_wins(sink: HttpSink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRAINTRUST_PROJECT", "named")
    monkeypatch.setenv("BRAINTRUST_PROJECT_ID", "p9")
    destination(sink).deliver([finished(parent=None)])
    assert sink.requests[0].headers["x-bt-parent"] == "project_id:p9"


def test_a_container_that_is_no_text_is_none(sink: HttpSink) -> None:
    destination(sink).deliver([finished({"braintrust.parent": 5}, parent=None), finished(parent="")])
    assert [request.headers["x-bt-parent"] for request in sink.requests] == [PROJECT]


@pytest.mark.parametrize("name", ["Café", "日本", "a\nb", "a "])
def test_a_project_whose_name_no_header_carries_is_named_by_its_id(sink: HttpSink, name: str) -> None:
    made = destination(sink)
    made.deliver([finished(parent=f"project_name:{name}")])
    made.deliver([finished(parent=f"project_name:{name}")])
    asked, *posted = sink.requests
    assert (asked.path, json.loads(asked.body)) == ("/v1/project", {"name": name})
    assert [each.path for each in posted] == ["/otel/v1/traces"] * 2
    assert all(each.headers["x-bt-parent"].startswith("project_id:id-of-") for each in posted)


def test_any_other_odd_container_is_sent_as_far_as_a_header_carries_it(sink: HttpSink) -> None:
    destination(sink).deliver([finished(parent="experiment_id:é ")])
    assert sink.requests[0].headers["x-bt-parent"] == "experiment_id:\\xe9"


def test_extra_headers_are_sent_but_never_replace_ours(sink: HttpSink) -> None:
    extra = {"X-Team": "eval", "AUTHORIZATION": "Bearer other", "X-BT-Parent": "other"}
    made = BraintrustDestination(settings(sink), headers=extra)
    made.deliver([finished(), update()])
    made.for_identity(made.identity).deliver([finished()])
    for request in sink.requests:
        assert request.headers["x-team"] == "eval"
        assert request.headers["authorization"] == f"Bearer {KEY}"
    assert sink.requests[0].headers["x-bt-parent"] == "project_name:support bot"


def test_variables_for_another_backend_are_not_used(sink: HttpSink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "x-vendor-key=secret")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    destination(sink).deliver([finished()])
    assert "x-vendor-key" not in sink.requests[0].headers


def test_a_slash_at_the_end_of_the_url_is_nothing(sink: HttpSink) -> None:
    made = BraintrustDestination(Settings(home=Path("/tmp"), api_key=KEY, api_url=f"{sink.url}/"))
    made.deliver([finished(), update()])
    assert [request.path for request in sink.requests] == ["/otel/v1/traces", "/logs3"]
    assert made.identity == f"braintrust:{sink.url}#{DIGEST}"


def test_large_batches_are_split_below_10_mb(sink: HttpSink) -> None:
    text = to_json("x" * 1_000_000)
    spans = [finished({"braintrust.input_json": text}, span_id=n) for n in range(1, 21)]
    destination(sink).deliver(spans)
    assert [len(names(request)) for request in sink.requests] == [9, 9, 2]
    assert max(len(request.content) for request in sink.requests) < 10_000_000


def test_partial_success_of_every_post_is_in_the_receipt(sink: HttpSink) -> None:
    told = ExportTracePartialSuccess(rejected_spans=1, error_message="too old")
    sink.answer = lambda _request: Answer(
        body=ExportTraceServiceResponse(partial_success=told).SerializeToString()
    )
    spans = [finished(parent="experiment_id:a"), finished(parent="experiment_id:b")]
    assert destination(sink).deliver(spans) == Receipt(rejected=2, message="too old")


# Updates of rows


def test_updates_are_merged_after_the_spans_of_their_batch(sink: HttpSink) -> None:
    first, second = update(1, scores={"ok": 1}), update(2, parent="project_id:p1", tags=["a"])
    assert destination(sink).deliver([first, finished(), second]) == Receipt()
    spans, merge = sink.requests
    assert (spans.path, merge.path) == ("/otel/v1/traces", "/logs3")
    assert merge.headers["authorization"] == f"Bearer {KEY}"
    assert merge.headers["content-type"] == "application/json"
    assert json.loads(merge.body) == {
        "rows": [
            {
                "scores": {"ok": 1},
                "experiment_id": "e1",
                "id": "0000000000000001",
                "span_id": "0000000000000001",
                "root_span_id": "00000000000000000000000000000001",
                "_is_merge": True,
            },
            {
                "tags": ["a"],
                "project_id": "p1",
                "log_id": "g",
                "id": "0000000000000002",
                "span_id": "0000000000000002",
                "root_span_id": "00000000000000000000000000000001",
                "_is_merge": True,
            },
        ],
        "api_version": 2,
    }


def test_a_project_of_an_update_is_resolved_once(sink: HttpSink) -> None:
    made = destination(sink, org_name="acme")
    for span_id in (1, 2):
        made.deliver([update(span_id, parent="project_name:bot")])
    asked, *merges = sink.requests
    assert (asked.path, json.loads(asked.body)) == ("/v1/project", {"name": "bot", "org_name": "acme"})
    assert [json.loads(each.body)["rows"][0]["project_id"] for each in merges] == ["id-of-626f74"] * 2


def test_an_update_without_a_container_goes_to_the_project_of_the_settings(sink: HttpSink) -> None:
    destination(sink, project_id="p1").deliver([update(parent="")])
    assert json.loads(sink.requests[0].body)["rows"][0]["project_id"] == "p1"


def test_an_update_of_no_container_costs_no_neighbour(sink: HttpSink) -> None:
    receipt = destination(sink).deliver([update(1, parent="nonsense"), update(2)])
    assert receipt == Receipt(rejected=1, message="no container is called 'nonsense'")
    assert [row["id"][-1] for row in json.loads(sink.requests[0].body)["rows"]] == ["2"]


def test_texts_of_updates_are_sent_as_they_are(sink: HttpSink) -> None:
    text = JsonText('{"a" : 1E2}')
    destination(sink).deliver(
        [RowUpdate(parent="experiment_id:e", trace_id=1, span_id=1, fields={"output": text})]
    )
    assert text.encode() in sink.requests[0].body


def test_failing_spans_keep_the_updates_back(sink: HttpSink) -> None:
    sink.script.append(Answer(status=503))
    failure(destination(sink), finished(), update())
    assert [request.path for request in sink.requests] == ["/otel/v1/traces"]


# Answers


MEANINGS: dict[int, type[DeliveryError]] = {
    302: RetryLaterError,
    400: RejectedError,
    401: UnauthorizedError,
    403: UnauthorizedError,
    413: TooLargeError,
    429: RetryLaterError,
    500: RetryLaterError,
}


@pytest.mark.parametrize("status", MEANINGS)
@pytest.mark.parametrize(
    "record", [finished(), update(), update(parent="project_name:p")], ids=["span", "e", "p"]
)
def test_answers_have_their_meaning_for_spans_updates_and_projects(
    sink: HttpSink, status: int, record: Any
) -> None:
    sink.answer = lambda _request: Answer(status=status)
    assert type(failure(destination(sink), record)) is MEANINGS[status]
    assert len(sink.requests) == 1


# The key


def test_without_a_key_nothing_is_sent_and_the_message_names_the_places(sink: HttpSink) -> None:
    error = failure(destination(sink, api_key=None))
    assert isinstance(error, UnauthorizedError)
    assert [place for place in PLACES if place not in str(error)] == []
    assert sink.requests == []


def test_a_refused_key_names_the_places_too(sink: HttpSink) -> None:
    sink.script.append(Answer(status=401, body=b"Invalid API key"))
    message = str(failure(destination(sink)))
    assert "answered 401: Invalid API key" in message
    assert [place for place in PLACES if place not in message] == []


def test_the_key_is_found_at_the_moment_of_sending(
    sink: HttpSink, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = destination(sink, api_key=None)
    assert made.identity == f"braintrust:{sink.url}#"
    (tmp_path / ".env.braintrust").write_text(f"BRAINTRUST_API_KEY={KEY}\n")
    assert made.identity == f"braintrust:{sink.url}#{DIGEST}"
    made.deliver([finished()])
    monkeypatch.setenv("BRAINTRUST_API_KEY", "key-of-environment")
    made.deliver([finished()])
    sent = [request.headers["authorization"] for request in sink.requests]
    assert sent == [f"Bearer {KEY}", "Bearer key-of-environment"]


def test_spaces_around_a_key_are_no_part_of_it(sink: HttpSink) -> None:
    made = destination(sink, api_key=f" {KEY}\n")
    made.deliver([finished()])
    assert sink.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert made.identity == f"braintrust:{sink.url}#{DIGEST}"


@pytest.mark.parametrize("key", ["schlüssel-geheim", "geheim\nX-Injected: 1", "geheim\ud800"])
def test_a_key_that_no_request_can_carry_is_refused_without_being_shown(sink: HttpSink, key: str) -> None:
    made = BraintrustDestination(Settings(home=Path("/tmp"), api_key=key, api_url=sink.url))
    error = failure(made)
    assert isinstance(error, UnauthorizedError)
    assert "geheim" not in str(error) + made.identity
    assert sink.requests == []


def test_records_of_one_key_are_never_sent_with_another(
    sink: HttpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRAINTRUST_API_KEY", KEY)
    made = destination(sink, api_key=None)
    pinned = made.for_identity(made.identity)
    pinned.deliver([finished()])
    monkeypatch.setenv("BRAINTRUST_API_KEY", "key-of-another-account")
    error = failure(pinned)
    assert isinstance(error, UnauthorizedError)
    assert "never sent to another account" in str(error)
    assert "key-of-another-account" not in str(error)
    assert pinned.identity == f"braintrust:{sink.url}#{DIGEST}" != made.identity
    assert len(sink.requests) == 1
    monkeypatch.delenv("BRAINTRUST_API_KEY")
    assert isinstance(failure(pinned), UnauthorizedError)
    monkeypatch.setenv("BRAINTRUST_API_KEY", KEY)
    assert pinned.deliver([finished()]) == Receipt()


def test_records_made_without_a_key_go_with_the_first_one(
    sink: HttpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = destination(sink, api_key=None)
    pinned = made.for_identity(made.identity)
    assert isinstance(failure(pinned), UnauthorizedError)
    monkeypatch.setenv("BRAINTRUST_API_KEY", KEY)
    assert pinned.deliver([finished()]) == Receipt()
    assert pinned.identity == f"braintrust:{sink.url}#"


@pytest.mark.parametrize("identity", ["braintrust:https://other#00", "otlp:http://host", "local", ""])
def test_the_identity_of_another_service_is_refused(sink: HttpSink, identity: str) -> None:
    with pytest.raises(ConfigError, match="is not served here"):
        destination(sink).for_identity(identity)


def test_identity_has_no_credentials_of_the_url() -> None:
    made = BraintrustDestination(
        Settings(home=Path("/tmp"), api_key=KEY, api_url="https://u:hunter22@host/bt")
    )
    assert made.identity == f"braintrust:https://host/bt#{DIGEST}"


@pytest.mark.parametrize("status", [302, 400, 401, 403, 413, 500])
@pytest.mark.parametrize("record", [finished(), update(parent="project_name:p")], ids=["span", "update"])
def test_the_key_is_in_no_message_repr_or_log(
    sink: HttpSink, status: int, record: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    sink.answer = lambda _request: Answer(
        status=status, headers={"Location": f"/{KEY}"}, body=f"no access with {KEY}".encode()
    )
    made = destination(sink)
    error = failure(made, record)
    shown = "".join(traceback.format_exception(error))
    assert KEY not in shown + repr(error) + repr(made) + repr(vars(made)) + made.identity + caplog.text


def test_close_may_be_called_any_time(sink: HttpSink) -> None:
    made = destination(sink)
    made.close()
    made.deliver([finished(), update()])
    made.close()
    assert made.deliver([finished()]) == Receipt()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_process_has_connections_of_its_own(sink: HttpSink) -> None:
    made = destination(sink)
    made.deliver([finished(), update()])
    child = os.fork()
    if child == 0:
        try:
            made.deliver([finished(), update()])
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    made.deliver([finished(), update()])
    connections = [request.connection for request in sink.requests]
    assert connections[:2] == connections[4:]
    assert set(connections[2:4]).isdisjoint(connections[:2])


def test_a_row_that_is_replaced_loses_what_was_told_of_it_before_and_keeps_what_comes_after(
    sink: HttpSink, tmp_path: Path
) -> None:
    settings = Settings.from_env(home=tmp_path, api_key=KEY, api_url=sink.url)
    destination = BraintrustDestination(settings, row_of=ingest)
    context = to_json({"row_id": "order-17"})

    def row(output: str) -> ReadableSpan:
        attributes = {"braintrust.context_json": context, "braintrust.output_json": to_json(output)}
        return finished(attributes, parent=PROJECT)

    def told(output: str) -> RowUpdate:
        fields = {"_row_id": to_json("order-17"), "output": to_json(output)}
        return RowUpdate(parent=PROJECT, trace_id=0, span_id=1, fields=fields)

    destination.deliver([row("first"), told("corrected"), row("second"), told("corrected again")])
    posted = [json.loads(each.body)["rows"] for each in sink.requests if each.path == "/logs3"]
    assert [[(each["id"], each["output"], each["_is_merge"]) for each in rows] for rows in posted] == [
        [("order-17", "first", False)],
        [("order-17", "corrected", True)],
        [("order-17", "second", False)],
        [("order-17", "corrected again", True)],
    ]
