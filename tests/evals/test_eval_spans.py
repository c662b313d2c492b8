import pytest
from opentelemetry import context as otel_context
from opentelemetry.context import Context
from opentelemetry.trace import INVALID_SPAN

from spanscore.evals._eval_spans import EvalSpans
from spanscore.testing import recorded_spans
from spanscore.tracing import context_with, start_span

pytestmark = pytest.mark.core


def test_each_judge_has_spans_of_its_kind_and_name() -> None:
    with recorded_spans() as recorded:
        spans = EvalSpans.of("e1")
        for kind in ("score", "classifier"):
            spans.judge(kind, "tone").open(Context(), {}).end()
        assert spans.judge("score", "tone") is spans.judge("score", "tone")
    assert [
        (span.name, (span.attributes or {})["braintrust.span_attributes"]) for span in recorded.spans
    ] == [
        ("tone", '{"type":"score","name":"tone","purpose":"scorer"}'),
        ("tone", '{"type":"classifier","name":"tone","purpose":"scorer"}'),
    ]


def test_below_silent_spans_nothing_is_recorded() -> None:
    with recorded_spans() as recorded:
        spans = EvalSpans.silent()
        assert spans.task.open(Context(), {}) is INVALID_SPAN
        assert spans.judge("score", "tone").open(Context(), {}) is INVALID_SPAN
        step_context = context_with(INVALID_SPAN, base=spans.base)
        token = otel_context.attach(step_context)
        with start_span("below"):
            pass
        otel_context.detach(token)
    assert recorded.spans == []
