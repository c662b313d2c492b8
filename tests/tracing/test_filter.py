"""Which spans are shipped: the AI filter of the specification, custom filters, roots."""

from collections.abc import Sequence
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk import trace as sdk_trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan

from spanscore.testing import RecordedRecords
from spanscore.tracing import KeepRoots, SinkProcessor, SpanFilter, TracerProvider, guard
from spanscore.wire.attributes import AI_PREFIXES, EVAL_SCOPE, SYSTEM

pytestmark = pytest.mark.core


def recorded(
    span_filter: SpanFilter, *, own: bool = False
) -> tuple[sdk_trace.TracerProvider, RecordedRecords]:
    records = RecordedRecords()
    kind = TracerProvider if own else sdk_trace.TracerProvider
    provider = kind(resource=Resource({}), shutdown_on_exit=False)
    provider.add_span_processor(
        SinkProcessor(records, accepts=span_filter.keeps, started=span_filter.started)
    )
    return provider, records


def shipped(span_filter: SpanFilter, *attributes: dict[str, Any]) -> list[str]:
    """The numbers, as names, of those spans with these attributes that are kept."""
    provider, records = recorded(span_filter)
    for number, given in enumerate(attributes):
        provider.get_tracer("theirs").start_span(str(number), context=Context(), attributes=given).end()
    return [span.name for span in records.spans]


def test_116_filter_is_off_by_default() -> None:
    assert SpanFilter().is_open()
    assert shipped(SpanFilter(), {}, {"http.method": "GET"}) == ["0", "1"]


@pytest.mark.parametrize("prefix", AI_PREFIXES)
def test_117_prefixes_are_strict_and_of_keys_alone(prefix: str) -> None:
    kept = shipped(
        SpanFilter(ai_only=True),
        {f"{prefix}x": 1},
        {f"z{prefix}x": 1},
        {prefix.rstrip("."): 1},
        {"other": f"{prefix}x"},
        {prefix.upper() + "x": 1},
    )
    assert kept == ["0"]


def test_117_decision_is_made_at_the_end() -> None:
    provider, records = recorded(SpanFilter(ai_only=True))
    span = provider.get_tracer("theirs").start_span("late")
    span.set_attribute("gen_ai.system", "openai")
    span.end()
    assert [span.name for span in records.spans] == ["late"]


@pytest.mark.parametrize("key", sorted(SYSTEM))
def test_118_system_attributes_make_no_ai_span(key: str) -> None:
    assert shipped(SpanFilter(ai_only=True), {key: "x"}, {key: "x", "llm.model": "m"}) == ["1"]


def test_118_what_we_add_ourselves_makes_no_ai_span() -> None:
    """The origin is added after the decision, on the copy: a filter of the official SDK once undid itself."""
    provider, records = recorded(SpanFilter(ai_only=True))
    tracer = provider.get_tracer("theirs")
    for _ in range(2):
        tracer.start_span("http").end()
    assert records.spans == []


TREES: dict[KeepRoots, list[str]] = {
    "none": ["llm", "ai root"],
    "with_ai_descendants": ["llm", "with llm below", "ai root"],
    "all": ["llm", "with llm below", "without", "ai root"],
}


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("keep_roots", TREES)
def test_119_roots(keep_roots: KeepRoots, own: bool) -> None:
    provider, records = recorded(SpanFilter(ai_only=True, keep_roots=keep_roots), own=own)
    tracer = provider.get_tracer("theirs")
    with (
        tracer.start_as_current_span("with llm below"),
        tracer.start_as_current_span("between"),
        tracer.start_as_current_span("llm", attributes={"gen_ai.system": "openai"}),
    ):
        pass
    with tracer.start_as_current_span("without"), tracer.start_as_current_span("db"):
        pass
    tracer.start_span("ai root", attributes={"gen_ai.system": "openai"}).end()
    assert [span.name for span in records.spans] == TREES[keep_roots]


def test_119_custom_filter_has_the_word_about_a_root_too() -> None:
    def no_health_checks(span: ReadableSpan) -> bool | None:
        return False if span.name == "health" else None

    provider, records = recorded(SpanFilter([no_health_checks], ai_only=True, keep_roots="all"))
    for name in ("health", "chat"):
        provider.get_tracer("theirs").start_span(name, context=Context()).end()
    assert [span.name for span in records.spans] == ["chat"]


@pytest.mark.parametrize(
    ("decisions", "ai_only", "is_kept"),
    [
        ([True], True, True),
        ([1], True, True),
        ([7], True, True),
        ([False], False, False),
        ([-1], False, False),
        ([None], False, True),
        ([None], True, False),
        ([0], False, True),
        ([0], True, False),
        ([None, 0, True, False], True, True),
        ([False, True], False, False),
    ],
)
def test_first_custom_filter_that_decides_has_the_word(
    decisions: Sequence[bool | int | None], ai_only: bool, is_kept: bool
) -> None:
    custom = [lambda _span, decision=decision: decision for decision in decisions]
    assert shipped(SpanFilter(custom, ai_only=ai_only), {}) == (["0"] if is_kept else [])


def test_custom_filter_that_fails_decides_nothing() -> None:
    guard.reraise = False

    def broken(_span: ReadableSpan) -> bool:
        raise KeyError("theirs")

    assert shipped(SpanFilter([broken]), {}) == ["0"]
    assert shipped(SpanFilter([broken], ai_only=True), {}, {"llm.x": 1}) == ["1"]
    assert shipped(SpanFilter([broken, lambda _: False]), {}) == []


def test_spans_of_an_eval_are_always_kept() -> None:
    provider, records = recorded(SpanFilter([lambda _: False]))
    provider.get_tracer(EVAL_SCOPE).start_span("task").end()
    provider.get_tracer("spanscore").start_span("work").end()
    assert [span.name for span in records.spans] == ["task"]


def test_span_without_scope_and_with_odd_keys_is_judged_too() -> None:
    context = trace.SpanContext(1, 2, is_remote=False, trace_flags=trace.TraceFlags(1))
    odd: Any = {5: "x", "gen_ai.system": "y"}
    span = ReadableSpan("odd", context, attributes=odd, resource=Resource({}))
    assert SpanFilter(ai_only=True).keeps(span)
    del odd["gen_ai.system"]
    assert not SpanFilter(ai_only=True).keeps(span)
