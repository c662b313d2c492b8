"""The same calls on our span and on the SDK's give the same OTLP bytes and the same JSON."""

import json
import threading
from collections.abc import Callable
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk import trace as sdk_trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanLimits, SpanProcessor
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode, TraceFlags, TraceState

from spanscore.testing import CountingIds
from spanscore.tracing import RecordedSpan, TracerProvider

pytestmark = pytest.mark.core

Call = tuple[str, tuple[Any, ...]]

_keys = st.sampled_from(["", "a", "b", "c", "braintrust.input_json", "日本"])
_scalars = st.one_of(
    st.text(max_size=12),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
)
_values = st.one_of(
    _scalars, st.lists(st.text(max_size=4), max_size=3), st.lists(st.integers(0, 9), max_size=3)
)
_attributes = st.dictionaries(_keys.filter(bool), _values, max_size=5)
_times = st.integers(1, 2**40)
_contexts = st.builds(
    lambda trace_id, span_id, flags, remote, state: SpanContext(
        trace_id, span_id, remote, TraceFlags(flags), TraceState(state)
    ),
    st.integers(0, 2**128 - 1),
    st.integers(0, 2**64 - 1),
    st.sampled_from([0, 1]),
    st.booleans(),
    st.sampled_from([[], [("vendor", "1")]]),
)
_codes = st.sampled_from(list(StatusCode))
_calls: st.SearchStrategy[Call] = st.one_of(
    st.tuples(st.just("set_attribute"), st.tuples(_keys, _values)),
    st.tuples(st.just("set_attributes"), st.tuples(_attributes)),
    st.tuples(st.just("add_event"), st.tuples(st.text(max_size=5), _attributes, _times)),
    st.tuples(st.just("add_link"), st.tuples(_contexts, _attributes)),
    st.tuples(st.just("update_name"), st.tuples(st.text(max_size=8))),
    st.tuples(st.just("set_status"), st.tuples(_codes)),
    st.tuples(st.just("set_status"), st.tuples(st.just(StatusCode.ERROR), st.text(max_size=5))),
    st.tuples(
        st.just("set_status"), st.tuples(st.builds(Status, st.just(StatusCode.ERROR), st.text(max_size=5)))
    ),
    st.tuples(st.just("record_exception"), st.tuples(st.just(ValueError("no")), _attributes, _times)),
    st.tuples(st.just("end"), st.tuples(_times)),
)
_counts = st.one_of(st.none(), st.integers(0, 3))
_limits = st.builds(
    lambda attributes, length, events, links: SpanLimits(
        max_span_attributes=attributes,
        max_span_attribute_length=length,
        max_attribute_length=length,
        max_events=events,
        max_links=links,
        max_event_attributes=attributes,
        max_link_attributes=attributes,
    ),
    _counts,
    st.one_of(st.none(), st.integers(0, 6)),
    _counts,
    _counts,
)
_starts = st.fixed_dictionaries(
    {
        "name": st.text(max_size=8),
        "parent": st.one_of(st.none(), _contexts),
        "kind": st.sampled_from(list(SpanKind)),
        "attributes": st.one_of(st.none(), _attributes),
        "links": st.lists(st.builds(Link, _contexts, _attributes), max_size=3),
        "start_time": _times,
    }
)


def record(
    provider: sdk_trace.TracerProvider, start: dict[str, Any], calls: list[Call]
) -> tuple[ReadableSpan, str, bytes]:
    parent = start["parent"]
    context = (
        Context() if parent is None else trace.set_span_in_context(trace.NonRecordingSpan(parent), Context())
    )
    arguments = {name: value for name, value in start.items() if name != "parent"}
    # A link is bounded in place by the SDK: each provider gets its own.
    arguments["links"] = [Link(link.context, dict(link.attributes or {})) for link in start["links"]]
    span = provider.get_tracer("tests", "1", "https://schema", {"k": "v"}).start_span(
        context=context, **arguments
    )
    for name, values in calls:
        getattr(span, name)(*values)
    span.end(2**41)
    if not isinstance(span, ReadableSpan):
        return ReadableSpan("unrecorded"), str(span.get_span_context()), b""
    return span, span.to_json(), encode_spans([span]).SerializeToString()


def providers(**arguments: Any) -> tuple[sdk_trace.TracerProvider, TracerProvider]:
    resource = Resource({"service.name": "tests"})
    theirs = sdk_trace.TracerProvider(
        id_generator=CountingIds(), resource=resource, shutdown_on_exit=False, **arguments
    )
    ours = TracerProvider(id_generator=CountingIds(), resource=resource, shutdown_on_exit=False, **arguments)
    return theirs, ours


@settings(max_examples=300, deadline=None)
@given(start=_starts, calls=st.lists(_calls, max_size=8), limits=_limits)
def test_span_equals_the_sdks(start: dict[str, Any], calls: list[Call], limits: SpanLimits) -> None:
    theirs, ours = providers(span_limits=limits)
    expected, expected_json, expected_bytes = record(theirs, start, calls)
    span, span_json, span_bytes = record(ours, start, calls)
    assert span_json == expected_json
    assert span_bytes == expected_bytes
    for dropped in ("dropped_attributes", "dropped_events", "dropped_links"):
        assert getattr(span, dropped) == getattr(expected, dropped)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "2"),
        ("OTEL_ATTRIBUTE_COUNT_LIMIT", "1"),
        ("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "3"),
        ("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "2"),
        ("OTEL_SPAN_EVENT_COUNT_LIMIT", "1"),
        ("OTEL_SPAN_LINK_COUNT_LIMIT", "1"),
        ("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "1"),
        ("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "1"),
        ("OTEL_TRACES_SAMPLER", "always_off"),
        ("OTEL_TRACES_SAMPLER", "parentbased_always_off"),
        ("OTEL_TRACES_SAMPLER", "traceidratio"),
        ("OTEL_SDK_DISABLED", "true"),
    ],
)
def test_environment_limits_and_samplers_act_as_on_the_sdk(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    monkeypatch.setenv("OTEL_TRACES_SAMPLER_ARG", "0.5")
    other = SpanContext(7, 7, True, TraceFlags(1))
    start: dict[str, Any] = {
        "name": "s",
        "parent": None,
        "kind": SpanKind.CLIENT,
        "attributes": {"one": "first", "two": "second", "three": 3},
        "links": [Link(other, {"a": "abcd", "b": 2}), Link(other)],
        "start_time": 1,
    }
    calls: list[Call] = [
        ("add_event", ("e", {"a": "abcd", "b": 2}, 2)),
        ("add_event", ("f", {}, 3)),
        ("set_attribute", ("four", ["x", "longer"])),
    ]
    theirs, ours = providers()
    assert record(ours, start, calls)[1:] == record(theirs, start, calls)[1:]


def raising_in_with(span: trace.Span) -> None:
    with pytest.raises(KeyError), span:
        raise KeyError("gone")


@pytest.mark.parametrize("flags", [(True, True), (False, True), (True, False), (False, False)])
def test_exception_leaving_a_with_statement_is_recorded_as_by_the_sdk(flags: tuple[bool, bool]) -> None:
    def outcome(provider: sdk_trace.TracerProvider) -> Any:
        span = provider.get_tracer("t").start_span(
            "s", record_exception=flags[0], set_status_on_exception=flags[1]
        )
        raising_in_with(span)
        assert isinstance(span, ReadableSpan)
        described = json.loads(span.to_json())
        events = [
            (event["name"], event["attributes"]["exception.type"], event["attributes"]["exception.escaped"])
            for event in described["events"]
        ]
        return described["status"], events, span.is_recording() if isinstance(span, RecordedSpan) else False

    theirs, ours = providers()
    assert outcome(ours) == outcome(theirs)


class Hooks(SpanProcessor):
    """Writes down what a processor is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str, bool]] = []

    def on_start(self, span: sdk_trace.Span, parent_context: Context | None = None) -> None:
        self.told.append(("start", span.name, span.is_recording()))
        span.set_attribute("from_start", value=True)

    def _on_ending(self, span: sdk_trace.Span) -> None:
        self.told.append(("ending", span.name, span.end_time is not None))

    def on_end(self, span: ReadableSpan) -> None:
        self.told.append(("end", span.name, bool((span.attributes or {}).get("from_start"))))


def test_processors_are_told_as_by_the_sdk() -> None:
    told: list[Any] = []
    for provider in providers():
        hooks = Hooks()
        tracer = provider.get_tracer("made before the processor")
        provider.add_span_processor(hooks)
        tracer.start_span("one").end()
        with tracer.start_as_current_span("two"):
            provider.get_tracer("another").start_span("three").end()
        told.append(hooks.told)
    assert told[1] == told[0]


@pytest.mark.parametrize(
    "call",
    [
        lambda span: span.set_attribute("a", 1),
        lambda span: span.set_attributes({"a": 1}),
        lambda span: span.add_event("e"),
        lambda span: span.add_link(SpanContext(1, 1, False)),
        lambda span: span.update_name("x"),
        lambda span: span.set_status(StatusCode.OK),
        lambda span: span.end(),
    ],
)
def test_call_after_the_end_warns_and_changes_nothing(
    call: Callable[[Any], None], caplog: pytest.LogCaptureFixture
) -> None:
    span = TracerProvider(shutdown_on_exit=False).get_tracer("t").start_span("s")
    span.end()
    assert isinstance(span, RecordedSpan)
    before = span.to_json()
    caplog.clear()
    call(span)
    assert span.to_json() == before
    assert [record.levelname for record in caplog.records] == ["WARNING"]


class Counting(SpanProcessor):
    """Counts ends, and ends each span again while it is told of its end."""

    def __init__(self) -> None:
        self.ended: list[ReadableSpan] = []

    def on_end(self, span: ReadableSpan) -> None:
        self.ended.append(span)
        cast("RecordedSpan", span).end()


def test_span_ended_by_many_ends_once() -> None:
    provider, counting = TracerProvider(shutdown_on_exit=False), Counting()
    provider.add_span_processor(counting)
    spans = [provider.get_tracer("t").start_span(str(number)) for number in range(200)]
    barrier = threading.Barrier(4)

    def end_all() -> None:
        barrier.wait()
        for span in spans:
            span.end()

    threads = [threading.Thread(target=end_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(span.name for span in counting.ended) == sorted(map(str, range(200)))


def test_duration_is_not_negative_when_the_wall_clock_steps_back(monkeypatch: pytest.MonkeyPatch) -> None:
    tracer = TracerProvider(shutdown_on_exit=False).get_tracer("t")
    span = tracer.start_span("s")
    given_start = tracer.start_span("s", start_time=10**18)
    monkeypatch.setattr("spanscore.tracing._span.time_ns", lambda: 5)
    span.end()
    given_start.end()
    assert isinstance(span, RecordedSpan)
    assert isinstance(given_start, RecordedSpan)
    assert (span.end_time or 0) >= (span.start_time or 0)
    assert given_start.end_time == 10**18


def test_span_is_taken_for_what_it_is() -> None:
    span = TracerProvider(shutdown_on_exit=False).get_tracer("t").start_span("s")
    assert isinstance(span, trace.Span)
    assert isinstance(span, ReadableSpan)
    assert repr(span).startswith('RecordedSpan(name="s", context=SpanContext(')
