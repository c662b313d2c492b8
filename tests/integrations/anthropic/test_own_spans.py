"""Clients that make spans themselves make none of what we record, and name our span in their requests."""

from collections.abc import Iterator
from typing import Any

import pytest
from anthropic import Anthropic
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider as OtherProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from anthropic_forms import ASKED, STREAMED, WHOLE, Form, bare, client_of, ours, run
from fake_anthropic import FakeAnthropic, message, streamed, text_events, whole
from spanscore import start_span
from spanscore.integrations.anthropic import patch
from spanscore.integrations.anthropic._own_spans import StandIn
from spanscore.testing import CountingIds, RecordedRecords, recorded_spans
from spanscore.tracing import TracerProvider

FORMS = {name: form for name, form in {**WHOLE, **STREAMED}.items() if "post" not in name}
"""The client makes spans for its methods, of which `post` is none."""

makes_spans = pytest.mark.skipif(
    not hasattr(Anthropic, "open_telemetry"), reason="this version makes no spans of its own"
)


@pytest.fixture
def recorded() -> Iterator[RecordedRecords]:
    """Through OpenTelemetry's global provider, where clients report to."""
    provider = TracerProvider(id_generator=CountingIds(), shutdown_on_exit=False)
    trace.set_tracer_provider(provider)
    with recorded_spans(provider=provider) as recorded:
        yield recorded


@makes_spans
def test_a_client_that_is_not_recorded_makes_its_own(
    server: FakeAnthropic, recorded: RecordedRecords
) -> None:
    with client_of(server.url, wrap=bare) as client:
        client.messages.create(**ASKED)
    assert ours(recorded.spans) == []
    assert [span.name for span in recorded.spans] == ["anthropic.messages.create"]


@makes_spans
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
async def test_one_call_is_one_span_and_the_server_is_told_of_it(
    form: Form, server: FakeAnthropic, recorded: RecordedRecords
) -> None:
    server.reply(whole(message('{"n": 1}')) if form in WHOLE.values() else streamed(text_events("a")))
    await run(form, server.url)
    (span,) = recorded.spans
    context = span.get_span_context()
    assert context is not None
    assert server.received[0].headers["traceparent"] == (
        f"00-{context.trace_id:032x}-{context.span_id:016x}-01"
    )


@makes_spans
def test_the_same_holds_for_all_clients(server: FakeAnthropic, recorded: RecordedRecords) -> None:
    undo = patch()
    with client_of(server.url, wrap=bare) as client:
        client.messages.create(**ASKED)
        undo()
        client.messages.create(**ASKED)
    assert [len(recorded.spans), len(ours(recorded.spans))] == [2, 1]


@makes_spans
@pytest.mark.parametrize("option", [False, {"propagation": False}])
def test_what_the_program_has_switched_off_stays_off(
    option: Any, server: FakeAnthropic, recorded: RecordedRecords
) -> None:
    with client_of(server.url, open_telemetry=option) as client:
        client.messages.create(**ASKED)
    assert len(recorded.spans) == 1
    assert "traceparent" not in server.received[0].headers


@makes_spans
def test_a_client_with_a_provider_of_its_own_goes_on_reporting_there(
    server: FakeAnthropic, recorded: RecordedRecords
) -> None:
    elsewhere = InMemorySpanExporter()
    provider = OtherProvider()
    provider.add_span_processor(SimpleSpanProcessor(elsewhere))
    with client_of(server.url, open_telemetry={"tracer_provider": provider}) as client:
        client.messages.create(**ASKED)
    assert [span.name for span in elsewhere.get_finished_spans()] == ["anthropic.messages.create"]
    assert len(recorded.spans) == 1


def test_a_stand_in_has_the_place_of_the_span_and_records_nothing(recorded: RecordedRecords) -> None:
    with start_span("outer") as outer:
        stand_in = StandIn(outer.span)
        with trace.use_span(stand_in):
            stand_in.set_attribute("a", 1)
            start_span("inner").end()
        stand_in.end()
    inner, above = recorded.spans
    assert inner.parent == above.get_span_context()
    assert "a" not in (above.attributes or {})
