"""What an answer to spans says of them."""

from collections.abc import Iterator

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTracePartialSuccess,
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from finished_spans import finished
from http_sink import Answer as Scripted
from http_sink import HttpSink
from spanscore._http.answers import Answer
from spanscore._http.sender import HttpSender
from spanscore._http.settings import HttpSettings
from spanscore._json import to_json
from spanscore.delivery._otlp_posts import MAX_REQUEST, Refusal, post_spans, refusal_of

pytestmark = pytest.mark.core


def partial(rejected: int, message: str = "") -> bytes:
    told = ExportTracePartialSuccess(rejected_spans=rejected, error_message=message)
    return ExportTraceServiceResponse(partial_success=told).SerializeToString()


JSON = {"content-type": "application/json; charset=utf-8"}
ANSWERS = {
    "empty": (Answer(200, {}), Refusal()),
    "complete": (Answer(200, {}, ExportTraceServiceResponse().SerializeToString()), Refusal()),
    "partial": (Answer(200, {}, partial(3, "too old")), Refusal(3, "too old")),
    "warning": (Answer(200, {}, partial(0, "slow down")), Refusal(0, "slow down")),
    "more than were sent": (Answer(200, {}, partial(99)), Refusal(10)),
    "fewer than none": (Answer(200, {}, partial(-5)), Refusal()),
    "no protobuf": (Answer(200, {}, b"<html>\xff"), Refusal()),
    "json": (
        Answer(200, JSON, b'{"partialSuccess":{"rejectedSpans":"3","errorMessage":"too old"}}'),
        Refusal(3, "too old"),
    ),
    "json number": (Answer(200, JSON, b'{"partialSuccess":{"rejectedSpans":3}}'), Refusal(3)),
    "empty json": (Answer(200, JSON, b"{}"), Refusal()),
    "odd json": (Answer(200, JSON, b'{"partialSuccess":{"rejectedSpans":"many"}}'), Refusal()),
    "json list": (Answer(200, JSON, b"[]"), Refusal()),
    "no json": (Answer(200, JSON, b"fine"), Refusal()),
    "long": (Answer(200, {}, partial(1, "x" * 9999)), Refusal(1, "x" * 1000)),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_partial_success_is_read_and_an_unreadable_answer_is_none(name: str) -> None:
    answer, refusal = ANSWERS[name]
    assert refusal_of(answer, 10) == refusal


def test_refusals_are_added() -> None:
    assert Refusal(1, "a").plus(Refusal(2, "b")).plus(Refusal(3, "a; b")) == Refusal(6, "a; b")
    assert Refusal(1, "a").plus(Refusal(2, "a")).plus(Refusal()) == Refusal(3, "a")


@pytest.fixture
def sink() -> Iterator[HttpSink]:
    with HttpSink() as each:
        yield each


def sender(sink: HttpSink) -> HttpSender:
    return HttpSender(HttpSettings(endpoint=f"{sink.url}/v1/traces"))


def test_large_spans_are_split_below_10_mb_and_their_refusals_added(sink: HttpSink) -> None:
    sink.answer = lambda _request: Scripted(body=partial(1, "no"))
    text = to_json("x" * 1_000_000)
    spans = [finished({"braintrust.input_json": text}, span_id=n) for n in range(1, 26)]
    assert post_spans(sender(sink), spans) == Refusal(3, "no")
    requests = [ExportTraceServiceRequest.FromString(request.body) for request in sink.requests]
    assert [len(each.resource_spans[0].scope_spans[0].spans) for each in requests] == [9, 9, 7]
    assert max(len(request.body) for request in sink.requests) <= MAX_REQUEST < 10_000_000


def test_a_span_over_the_limit_is_tried_alone(sink: HttpSink) -> None:
    big = finished({"a": "x" * 10_000_000})
    post_spans(sender(sink), [finished(), big, finished()])
    assert [len(request.body) > MAX_REQUEST for request in sink.requests] == [False, True, False]


def test_no_spans_are_no_request(sink: HttpSink) -> None:
    assert post_spans(sender(sink), []) == Refusal()
    assert sink.requests == []
