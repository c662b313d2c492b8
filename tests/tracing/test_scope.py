"""What spans inherit through the context."""

import pytest
from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.context import Context

from spanscore.testing import recorded_spans
from spanscore.tracing import Scope, context_with, open_span, scope_of
from spanscore.tracing._scope import attach, current_context, of_the_variable

pytestmark = pytest.mark.core


def test_scope_is_inherited_piece_by_piece() -> None:
    outer = context_with(parent="experiment_id:e", base=Context())
    inner = context_with(purpose="scorer", base=outer)
    assert scope_of(Context()) == Scope(None, None)
    assert scope_of(outer) == Scope("experiment_id:e", None)
    assert scope_of(inner) == Scope("experiment_id:e", "scorer")
    assert scope_of(inner).is_experiment
    assert not scope_of(context_with(parent="project_name:p", base=inner)).is_experiment


def test_span_becomes_current_in_the_context() -> None:
    span = trace.NonRecordingSpan(trace.SpanContext(1, 2, False))
    assert trace.get_current_span(context_with(span, base=Context())) is span


def test_context_read_past_opentelemetry_is_its_current_one() -> None:
    context = context_with(purpose="scorer", base=Context())
    token = otel_context.attach(context)
    assert current_context() is context
    inner = context_with(purpose="task", base=Context())
    attach(inner)
    assert otel_context.get_current() is inner
    otel_context.detach(token)


def test_runtime_context_of_another_kind_is_asked_the_public_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(otel_context, "_RUNTIME_CONTEXT", object())
    assert of_the_variable("get", otel_context.get_current) is otel_context.get_current


def test_purpose_and_parent_reach_every_span_below() -> None:
    with recorded_spans() as recorded:
        scorer = open_span(
            "scorer", span_type="score", parent="experiment_id:e", purpose="scorer", label="exact"
        )
        context = context_with(scorer, parent="experiment_id:e", purpose="scorer")
        open_span("judge", span_type="llm", context=context).end()
        scorer.end()
    written = [
        ((span.attributes or {})["braintrust.parent"], (span.attributes or {})["braintrust.span_attributes"])
        for span in recorded.spans
    ]
    assert written == [
        ("experiment_id:e", '{"type":"llm","purpose":"scorer"}'),
        ("experiment_id:e", '{"type":"score","name":"exact","purpose":"scorer"}'),
    ]
