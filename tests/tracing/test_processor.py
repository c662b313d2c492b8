"""The processor: what it writes at a span's start, and what it passes on at its end."""

import pytest
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk import trace as sdk_trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult

from spanscore.testing import RecordedRecords
from spanscore.tracing import CURRENT_LOGGER, SpanscoreSpanProcessor, TracerProvider, context_with

pytestmark = pytest.mark.core


class RecordOnly(Sampler):
    def should_sample(self, *args: object, **kwargs: object) -> SamplingResult:
        return SamplingResult(Decision.RECORD_ONLY)

    def get_description(self) -> str:
        return "record only"


def provider_with(
    records: RecordedRecords, *, own: bool, sampler: Sampler | None = None
) -> sdk_trace.TracerProvider:
    kind = TracerProvider if own else sdk_trace.TracerProvider
    provider = kind(resource=Resource({}), shutdown_on_exit=False, sampler=sampler)
    provider.add_span_processor(SpanscoreSpanProcessor(records))
    return provider


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
    assert [dict(span.attributes or {}) for span in records.spans] == [
        {"braintrust.parent": "experiment_id:e", "braintrust.span_attributes": '{"purpose":"scorer"}'},
        {"braintrust.parent": "project_name:bot"},
        {"braintrust.parent": "project_id:1"},
    ]


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


def test_live_span_gets_nothing_after_its_start() -> None:
    records = RecordedRecords()
    provider = provider_with(records, own=False)
    span = provider.get_tracer("t").start_span("s", context=context_with(parent="project_name:p"))
    assert isinstance(span, sdk_trace.ReadableSpan)
    before = dict(span.attributes or {})
    span.end()
    assert dict(span.attributes or {}) == before
    assert trace.get_current_span() is trace.INVALID_SPAN
