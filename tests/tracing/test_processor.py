"""The processor: what it writes at a span's start, and what it passes on at its end."""

import json
from typing import Any

import pytest
from opentelemetry import baggage, trace
from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.context import Context
from opentelemetry.sdk import trace as sdk_trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult
from opentelemetry.trace import set_span_in_context

from spanscore.testing import RecordedRecords
from spanscore.tracing import (
    CURRENT_LOGGER,
    RecordedSpan,
    SinkProcessor,
    TracerProvider,
    context_with,
    guard,
)
from spanscore.wire.attributes import EVAL_SCOPE, SCOPE

pytestmark = pytest.mark.core


class RecordOnly(Sampler):
    def should_sample(self, *args: object, **kwargs: object) -> SamplingResult:
        return SamplingResult(Decision.RECORD_ONLY)

    def get_description(self) -> str:
        return "record only"


def provider_with(
    records: RecordedRecords, *, own: bool, sampler: Sampler | None = None, default_parent: str | None = None
) -> sdk_trace.TracerProvider:
    kind = TracerProvider if own else sdk_trace.TracerProvider
    provider = kind(resource=Resource({}), shutdown_on_exit=False, sampler=sampler)
    provider.add_span_processor(SinkProcessor(records, default_parent=default_parent))
    return provider


def said(span: sdk_trace.ReadableSpan) -> dict[str, Any]:
    """The attributes of a span but for its origin."""
    return {key: value for key, value in (span.attributes or {}).items() if "context_json" not in key}


class Bot:
    parent = "project_name:bot"


@pytest.mark.parametrize("own", [True, False])
def test_plain_opentelemetry_spans_are_placed_at_their_start(own: bool) -> None:
    CURRENT_LOGGER.set(Bot())
    records = RecordedRecords()
    tracer = provider_with(records, own=own).get_tracer("plain")
    context = context_with(parent="experiment_id:e", purpose="scorer", base=Context())
    tracer.start_span("below a scorer", context=context).end()
    tracer.start_span("in the logs", context=Context()).end()
    tracer.start_span("placed by hand", attributes={"braintrust.parent": "project_id:1"}).end()
    assert [said(span) for span in records.spans] == [
        {"braintrust.parent": "experiment_id:e", "braintrust.span_attributes": '{"purpose":"scorer"}'},
        {"braintrust.parent": "project_name:bot"},
        {"braintrust.parent": "project_id:1"},
    ]


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("left", range(6))
def test_places_are_asked_in_their_order(own: bool, left: int) -> None:
    """Each place that a parent may come from is taken away in turn: attribute, scope, baggage, above, …"""
    records = RecordedRecords()
    tracer = provider_with(records, own=own, default_parent="project_name:default").get_tracer("plain")
    context = Context()
    if left <= 3:
        above = tracer.start_span(
            "above", context=Context(), attributes={"braintrust.parent": "project_id:3"}
        )
        context = set_span_in_context(above, context)
    if left <= 2:
        context = baggage.set_baggage("braintrust.parent", "project_id:2", context)
    if left <= 1:
        context = context_with(parent="project_id:1", base=context)
    if left <= 4:
        CURRENT_LOGGER.set(Bot())
    given = {"braintrust.parent": "project_id:0"} if left == 0 else {}
    tracer.start_span("s", context=context, attributes=given).end()
    expected = [
        *(f"project_id:{number}" for number in range(4)),
        "project_name:bot",
        *["project_name:default"] * 2,
    ]
    assert said(records.spans[-1]) == {"braintrust.parent": expected[left]}


@pytest.mark.parametrize(
    ("header", "parent"),
    [
        ("braintrust.parent=project_name%3Asupport%20bot", "project_name:support bot"),
        ("braintrust.parent=project_id:7,other=1", "project_id:7"),
        ("braintrust.parent=nonsense", "project_name:bot"),
        ("braintrust.parent=", "project_name:bot"),
        ("other=1", "project_name:bot"),
    ],
)
def test_parent_comes_through_the_stock_baggage_propagator(header: str, parent: str) -> None:
    CURRENT_LOGGER.set(Bot())
    records = RecordedRecords()
    context = W3CBaggagePropagator().extract({"baggage": header}, context=Context())
    provider_with(records, own=False).get_tracer("http").start_span("GET", context=context).end()
    assert said(records.spans[0]) == {"braintrust.parent": parent}


def test_span_of_a_foreign_class_above_gives_no_trouble() -> None:
    records = RecordedRecords()
    context = set_span_in_context(trace.NonRecordingSpan(trace.INVALID_SPAN_CONTEXT), Context())
    provider_with(records, own=False).get_tracer("t").start_span("s", context=context).end()
    assert said(records.spans[0]) == {}


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("scope", [SCOPE, EVAL_SCOPE])
def test_our_own_span_is_passed_on_as_it_is(own: bool, scope: str) -> None:
    """It has its origin and lost its credentials when it was written; copying it would cost for nothing."""
    records = RecordedRecords()
    span = provider_with(records, own=own).get_tracer(scope).start_span("s", attributes={"a": "b"})
    span.end()
    (passed,) = records.spans
    assert dict(passed.attributes or {}) == {"a": "b"}
    assert not own or (passed is span and isinstance(passed, RecordedSpan))


@pytest.mark.parametrize("own", [True, False])
def test_unsampled_span_is_not_passed_on(own: bool) -> None:
    records = RecordedRecords()
    span = provider_with(records, own=own, sampler=RecordOnly()).get_tracer("t").start_span("s")
    assert span.is_recording()
    span.end()
    assert records.spans == []


def test_flush_of_the_provider_waits_for_the_sink() -> None:
    class Slow(RecordedRecords):
        def flush(self, timeout_s: float) -> bool:
            self.timeout_s = timeout_s
            return False

    slow = Slow()
    assert provider_with(slow, own=True).force_flush(1500) is False
    assert 1.0 < slow.timeout_s <= 1.5


def test_flush_that_fails_is_no_flush() -> None:
    class Broken(RecordedRecords):
        def flush(self, timeout_s: float) -> bool:
            raise OSError("theirs")

    guard.reraise = False
    assert provider_with(Broken(), own=False).force_flush(1500) is False


def test_shutdown_that_fails_harms_nobody() -> None:
    closed: list[int] = []

    def close() -> None:
        closed.append(1)
        raise OSError("theirs")

    guard.reraise = False
    provider = sdk_trace.TracerProvider(resource=Resource({}), shutdown_on_exit=False)
    records = RecordedRecords()
    provider.add_span_processor(SinkProcessor(records, close=close))
    tracer = provider.get_tracer("t")
    provider.shutdown()
    assert closed == [1]
    tracer.start_span("late").end()
    assert [span.name for span in records.spans] == ["late"]


@pytest.mark.parametrize("own", [True, False])
def test_live_span_gets_nothing_after_its_start(own: bool) -> None:
    records = RecordedRecords()
    provider = provider_with(records, own=own)
    span = provider.get_tracer("t").start_span("s", context=context_with(parent="project_name:p"))
    assert isinstance(span, sdk_trace.ReadableSpan)
    before = dict(span.attributes or {})
    span.end()
    assert dict(span.attributes or {}) == before == {"braintrust.parent": "project_name:p"}
    assert "braintrust.context_json" in (records.spans[0].attributes or {})
    assert trace.get_current_span() is trace.INVALID_SPAN


def test_purpose_joins_what_the_span_says_of_itself() -> None:
    records = RecordedRecords()
    tracer = provider_with(records, own=False).get_tracer("t")
    context = context_with(parent="project_name:p", purpose="scorer", base=Context())
    tracer.start_span("s", context, attributes={"braintrust.span_attributes": '{"type":"llm"}'}).end()
    described = json.loads(said(records.spans[0])["braintrust.span_attributes"])
    assert described == {"type": "llm", "purpose": "scorer"}
