"""Spans on the wire, compared with what the official encoder makes of the same spans."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans as official
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan, SpanLimits, TracerProvider
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode, TraceFlags
from opentelemetry.trace.span import TraceState

from finished_spans import RESOURCE, START_NS, finished, whole_span
from spanscore._json import to_json
from spanscore.delivery._otlp_encoding import TraceRequest, encode_requests, encode_spans
from spanscore.wire.records import FinishedSpan

pytestmark = pytest.mark.core


def parsed(spans: list[ReadableSpan]) -> ExportTraceServiceRequest:
    return ExportTraceServiceRequest.FromString(encode_spans(spans))


def context(span_id: int = 2, *, is_remote: bool = False, state: TraceState | None = None) -> SpanContext:
    return SpanContext(1, span_id, is_remote=is_remote, trace_flags=TraceFlags(1), trace_state=state)


def span(**changes: Any) -> FinishedSpan:
    return whole_span(**{"attributes": {"braintrust.input_json": to_json({"a": 1})}, **changes})


def sdk_span() -> ReadableSpan:
    limits = SpanLimits(max_span_attributes=2, max_events=1, max_links=1, max_event_attributes=1)
    tracer = TracerProvider(resource=RESOURCE, span_limits=limits).get_tracer(
        "sdk", "2", "https://schema", {"x": 1}
    )
    links = [Link(context(9), {"a": 1}), Link(context(10, is_remote=True))]
    with tracer.start_as_current_span("sdk", attributes={"a": 1, "b": 2, "c": 3}, links=links) as made:
        made.add_event("first", {"k": "v", "dropped": 1})
        made.add_event("second", {"k": "v", "dropped": 1})
        made.set_status(StatusCode.ERROR, "boom")
    assert isinstance(made, ReadableSpan)
    return made


SPANS: dict[str, Callable[[], list[ReadableSpan]]] = {
    "none": list,
    "plain": lambda: [span()],
    "nothing set": lambda: [span(name="", attributes={}, start_time=None, end_time=None, scope=None)],
    "local parent": lambda: [span(parent=context(5))],
    "remote parent": lambda: [span(parent=context(5, is_remote=True))],
    "trace state": lambda: [span(context=context(state=TraceState([("a", "1"), ("b", "2")])))],
    "largest ids": lambda: [span(context=SpanContext((1 << 128) - 1, (1 << 64) - 1, is_remote=False))],
    "dropped counts": lambda: [span(dropped=(1, 2, 300))],
    "sdk span over its limits": lambda: [sdk_span()],
    "api span": lambda: [finished({"a": 1}, above=7)],
    "events": lambda: [span(events=[Event("e", {"a": [1, 2]}, START_NS + 1), Event("", None, START_NS)])],
    "links": lambda: [span(links=[Link(context(3), {"a": 1}), Link(context(4, is_remote=True))])],
    "schema urls": lambda: [
        span(resource=Resource({"a": 1}, "https://r"), scope=InstrumentationScope("s", "", "https://s"))
    ],
    "scope attributes": lambda: [span(scope=InstrumentationScope("s", "1", None, {"a": 1, "b": ["x"]}))],
    "empty resource": lambda: [span(resource=Resource({}))],
    "many resources and scopes": lambda: [
        span(context=context(n), resource=Resource({"n": n % 3}), scope=InstrumentationScope(f"s{n % 2}"))
        for n in range(1, 20)
    ],
    "long enough for three-byte lengths": lambda: [span(attributes={"a": "x" * 200_000, "b": "y" * 130})],
    **{f"kind {kind.name}": (lambda kind=kind: [span(kind=kind)]) for kind in SpanKind},
    **{f"status {code.name}": (lambda code=code: [span(status=Status(code))]) for code in StatusCode},
    "error with text": lambda: [span(status=Status(StatusCode.ERROR, "boom"))],
}


@pytest.mark.parametrize("name", SPANS)
def test_spans_are_written_as_by_the_official_encoder(name: str) -> None:
    spans = SPANS[name]()
    assert parsed(spans) == official(spans)


ids = st.integers(1, (1 << 64) - 1)
times = st.integers(0, (1 << 64) - 1)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
values = (
    st.booleans() | st.integers(-(1 << 63), (1 << 63) - 1) | texts | st.floats(allow_nan=False) | st.binary()
)
attributes = st.dictionaries(texts, values | st.lists(values, max_size=3), max_size=4)
contexts = st.builds(
    SpanContext, trace_id=st.integers(1, (1 << 128) - 1), span_id=ids, is_remote=st.booleans()
)
statuses = st.one_of(
    st.just(Status(StatusCode.UNSET)),
    st.just(Status(StatusCode.OK)),
    st.builds(Status, st.just(StatusCode.ERROR), texts),
)
spans_ = st.builds(
    FinishedSpan,
    name=texts,
    context=contexts,
    parent=st.none() | contexts,
    resource=st.sampled_from([RESOURCE, Resource({"a": "b"})])
    | st.builds(Resource, st.just({"c": 1}), texts),
    scope=st.builds(InstrumentationScope, texts, texts, texts),
    attributes=attributes,
    kind=st.sampled_from(SpanKind),
    events=st.lists(st.builds(Event, texts, attributes, times), max_size=2),
    links=st.lists(st.builds(Link, contexts, attributes), max_size=2),
    status=statuses,
    start_time=times,
    end_time=st.none() | times,
    dropped=st.tuples(*[st.integers(0, (1 << 32) - 1)] * 3),
)


@given(st.lists(spans_, max_size=6))
def test_any_spans_are_written_as_by_the_official_encoder(spans: list[ReadableSpan]) -> None:
    assert parsed(spans) == official(spans)


def test_the_trace_state_of_a_link_is_kept_which_the_official_encoder_forgets() -> None:
    made = parsed([span(links=[Link(context(3, state=TraceState([("a", "1")])))])])
    assert made.resource_spans[0].scope_spans[0].spans[0].links[0].trace_state == "a=1"


def test_values_that_stop_the_official_encoder_are_written() -> None:
    odd = span(
        name="a\ud800", start_time=1.5, end_time=-1, attributes={"n": 1 << 70}, dropped=(1 << 40, 0, 0)
    )
    made = parsed([odd]).resource_spans[0].scope_spans[0].spans[0]
    assert (made.name, made.start_time_unix_nano, made.end_time_unix_nano) == ("a\\ud800", 1, 0)
    assert (made.attributes[0].value.string_value, made.dropped_attributes_count) == (
        str(1 << 70),
        (1 << 32) - 1,
    )


def test_resource_and_scope_are_written_once() -> None:
    spans: list[ReadableSpan] = [span(context=context(n)) for n in range(1, 101)]
    body = encode_spans(spans)
    assert body.count(b"test.scope") == body.count(b"telemetry.sdk.version") == 1


def test_equal_resources_that_are_different_objects_are_one() -> None:
    spans: list[ReadableSpan] = [span(context=context(n), resource=Resource({"a": 1})) for n in range(1, 10)]
    assert len(parsed(spans).resource_spans) == 1


def test_a_span_without_ids_is_named() -> None:
    with pytest.raises(ValueError, match="'lost' has no trace and span id"):
        encode_spans([ReadableSpan("lost")])


def split(spans: list[ReadableSpan], max_bytes: int) -> list[TraceRequest]:
    return list(encode_requests(spans, max_bytes))


def names(requests: list[TraceRequest]) -> list[list[str]]:
    found = [ExportTraceServiceRequest.FromString(request.body) for request in requests]
    return [
        [
            each.name
            for resource in one.resource_spans
            for scope in resource.scope_spans
            for each in scope.spans
        ]
        for one in found
    ]


def test_requests_stay_below_the_limit_and_keep_the_order() -> None:
    spans: list[ReadableSpan] = [
        span(name=str(n), context=context(n), attributes={"a": "x" * (n * 37 % 5000)}) for n in range(1, 200)
    ]
    requests = split(spans, 20_000)
    assert max(len(request.body) for request in requests) <= 20_000
    assert [name for each in names(requests) for name in each] == [str(n) for n in range(1, 200)]
    assert [request.spans for request in requests] == [len(each) for each in names(requests)]
    assert len(requests) < 35


def test_limit_holds_where_every_span_has_its_own_resource_and_scope() -> None:
    spans: list[ReadableSpan] = [
        span(
            context=context(n),
            resource=Resource({"r": n, "x": "y" * 200}),
            scope=InstrumentationScope(f"s{n}"),
        )
        for n in range(1, 100)
    ]
    assert max(len(request.body) for request in split(spans, 3_000)) <= 3_000


def test_limit_holds_where_every_span_has_its_own_scope() -> None:
    spans: list[ReadableSpan] = [
        span(context=context(n), scope=InstrumentationScope(f"scope {n} " * 40)) for n in range(1, 100)
    ]
    assert max(len(request.body) for request in split(spans, 3_000)) <= 3_000


def test_a_span_over_the_limit_comes_alone() -> None:
    big = span(name="big", attributes={"a": "x" * 1000})
    requests = split([span(name="a"), big, span(name="b"), span(name="c")], 700)
    assert names(requests) == [["a"], ["big"], ["b", "c"]]


def test_no_spans_are_no_request() -> None:
    assert split([], 100) == []


@given(st.lists(spans_, max_size=8), st.integers(1, 2000))
def test_any_split_has_the_same_spans(spans: list[ReadableSpan], max_bytes: int) -> None:
    requests = split(spans, max_bytes)
    assert sum(request.spans for request in requests) == len(spans)
    assert [request for request in requests if len(request.body) > max_bytes and request.spans > 1] == []
