"""The memory of which local roots have a kept span below them."""

import os
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk import trace as sdk_trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags

from forked import exit_status, held
from spanscore.tracing._roots import LocalRoots

pytestmark = pytest.mark.core


class Traces(sdk_trace.SpanProcessor):
    """Spans that tell the memory of their lives; `kept_roots` are the names of the roots that it keeps."""

    def __init__(self, most: int = 10_000) -> None:
        self.roots = LocalRoots(most)
        self.kept_roots: list[str] = []
        provider = sdk_trace.TracerProvider(resource=Resource({}), shutdown_on_exit=False)
        provider.add_span_processor(self)
        self.tracer = provider.get_tracer("t")

    def on_start(self, span: Any, parent_context: Context | None = None) -> None:
        self.roots.started(span)

    def on_end(self, span: sdk_trace.ReadableSpan) -> None:
        if self.roots.ended(span, kept=span.name == "ai"):
            self.kept_roots.append(span.name)

    def start(self, name: str, above: trace.Span | None = None) -> trace.Span:
        context = Context() if above is None else trace.set_span_in_context(above, Context())
        return self.tracer.start_span(name, context)


def remote(trace_id: int) -> trace.Span:
    return NonRecordingSpan(SpanContext(trace_id, 9, is_remote=True, trace_flags=TraceFlags(1)))


def test_root_is_kept_for_a_span_at_any_depth() -> None:
    traces = Traces()
    root = traces.start("root")
    between = traces.start("between", root)
    traces.start("ai", between).end()
    between.end()
    root.end()
    assert traces.kept_roots == ["root"]
    assert len(traces.roots) == 0


def test_two_roots_of_one_trace_are_told_apart() -> None:
    """A service that is called twice within a trace of another one."""
    traces = Traces()
    first, second = traces.start("first", remote(7)), traces.start("second", remote(7))
    traces.start("ai", first).end()
    traces.start("db", second).end()
    second.end()
    first.end()
    assert traces.kept_roots == ["first"]
    assert len(traces.roots) == 0


def test_work_that_outlives_the_span_above_belongs_to_the_root() -> None:
    traces = Traces()
    root = traces.start("root")
    between = traces.start("between", root)
    between.end()
    traces.start("ai", between).end()
    root.end()
    assert traces.kept_roots == ["root"]


def test_many_traces_at_once_are_told_apart() -> None:
    traces = Traces()
    roots = [traces.start(str(number)) for number in range(1000)]
    for root in roots[::2]:
        traces.start("ai", root).end()
    for root in reversed(roots):
        root.end()
    assert traces.kept_roots == [str(number) for number in range(998, -1, -2)]
    assert len(traces.roots) == 0


def test_memory_is_bounded_and_what_is_forgotten_is_kept() -> None:
    traces = Traces(most=10)
    never_ended = [traces.start(f"lost {number}") for number in range(1000)]
    assert len(traces.roots) <= 20
    never_ended[0].end()
    never_ended[-1].end()
    assert traces.kept_roots == ["lost 0"]


def test_spans_without_a_known_root_leave_nothing_behind() -> None:
    traces = Traces()
    elsewhere = NonRecordingSpan(SpanContext(7, 9, is_remote=False, trace_flags=TraceFlags(1)))
    for _ in range(100):
        traces.start("ai", elsewhere).end()
    assert len(traces.roots) == 0


def test_unsampled_spans_are_not_remembered() -> None:
    class RecordOnly(Sampler):
        def should_sample(self, *args: object, **kwargs: object) -> SamplingResult:
            return SamplingResult(Decision.RECORD_ONLY)

        def get_description(self) -> str:
            return "record only"

    traces = Traces()
    provider = sdk_trace.TracerProvider(sampler=RecordOnly(), resource=Resource({}), shutdown_on_exit=False)
    provider.add_span_processor(traces)
    span = provider.get_tracer("t").start_span("s")
    assert len(traces.roots) == 0
    span.end()
    assert traces.kept_roots == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_child_of_a_fork_does_not_wait_for_a_lock_of_the_parents() -> None:
    traces = Traces()

    def work() -> None:
        traces.start("root").end()

    with held(traces.roots._lock):
        assert exit_status(work) == 0
