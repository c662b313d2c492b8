"""Spans of ids that the program has chosen."""

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

from spanscore.testing import recorded_spans
from spanscore.tracing import GivenIds, start_span, start_span_as
from spanscore.tracing._given_ids import trace_number
from spanscore.tracing._late import span_number
from spanscore.wire.attributes import CONTEXT_JSON
from spanscore.wire.row_ids import row_id_in
from spanscore.wire.slug import Slug

pytestmark = pytest.mark.core

ROOT, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


def test_a_span_has_the_ids_and_those_after_it_their_own() -> None:
    with recorded_spans():
        ids = GivenIds.of(span_id=SPAN, root_span_id=ROOT)
        with start_span_as("a", type="task", parent="project_name:bot", ids=ids, fields={"input": 1}) as span:
            below = start_span("below")
        beside = start_span("beside")
    assert (span.id, span.root_span_id) == (SPAN, ROOT)
    assert (below.root_span_id, below.id != SPAN) == (ROOT, True)
    assert beside.root_span_id != ROOT


def test_a_span_of_the_sdks_provider_has_them_too() -> None:
    with recorded_spans(provider=TracerProvider()):  # pyright: ignore[reportArgumentType] - any will do
        span = start_span_as(
            "a", type=None, parent="project_name:bot", ids=GivenIds.of(span_id=SPAN, root_span_id=ROOT)
        )
    assert (span.id, span.root_span_id) == (SPAN, ROOT)


def test_a_row_may_be_known_by_another_id() -> None:
    with recorded_spans() as recorded:
        ids = GivenIds.of(span_id="order-17", root_span_id=ROOT, row_id="order-17")
        with start_span_as("a", type="task", parent="project_id:p", ids=ids, fields={"input": 1}) as span:
            below = start_span("below")
        span.log(output=2)
        span.log_feedback(scores={"ok": 1})
    assert (span.id, span.span_id) == ("order-17", f"{span_number('order-17'):016x}")
    assert Slug.parse(span.export()).row_id == "order-17"
    assert [update.fields["_row_id"] for update in recorded.updates] == ['"order-17"', '"order-17"']
    assert below.id == below.span_id
    assert Slug.parse(below.export()).row_id is None
    (written,) = recorded.spans
    assert row_id_in((written.attributes or {})[CONTEXT_JSON]) == "order-17"


def test_the_id_of_a_span_needs_no_other_place() -> None:
    with recorded_spans() as recorded:
        ids = GivenIds.of(span_id=SPAN, root_span_id=ROOT, row_id=SPAN)
        start_span_as("a", type="task", parent="project_id:p", ids=ids).end()
    assert row_id_in((recorded.spans[0].attributes or {})[CONTEXT_JSON]) is None


def test_any_text_stands_for_an_id() -> None:
    assert trace_number(ROOT.upper()) == int(ROOT, 16)
    assert trace_number("0af76519-16cd-43dd-8448-eb211c80319c") == int(ROOT, 16)
    assert trace_number("mine") == trace_number("mine") != trace_number("0" * 32) > 0


def test_who_makes_no_ids_is_left_alone() -> None:
    tracer = trace.NoOpTracer()
    assert GivenIds(trace_id=1, span_id=2).tracer(tracer) is tracer
    ids = GivenIds(trace_id=1, span_id=2)
    assert start_span_as("a", type=None, parent="project_name:bot", ids=ids).id == "0" * 16
