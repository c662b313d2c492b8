"""Which provider records, and when it is chosen."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk import trace as sdk_trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

from spanscore._config import Settings
from spanscore.testing import RecordedRecords
from spanscore.tracing import (
    RECORDING,
    RecordedSpan,
    TracerProvider,
    budget_of,
    context_with,
    current_span,
    is_recording,
    open_span,
    start_span,
    traced,
)
from spanscore.wire.attributes import EVAL_SCOPE
from spanscore.wire.records import FinishedSpan

pytestmark = pytest.mark.core


@pytest.fixture
def records() -> Iterator[RecordedRecords]:
    """Recording as a front door switches it on: no provider is named."""
    recorded = RecordedRecords()
    RECORDING.switch_on(recorded, Settings(home=Path("unused")))
    yield recorded
    RECORDING.switch_off()


def users_provider(**arguments: Any) -> tuple[sdk_trace.TracerProvider, InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = sdk_trace.TracerProvider(resource=Resource({}), shutdown_on_exit=False, **arguments)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return provider, exporter


def names(spans: Any) -> list[str]:
    return [span.name for span in spans]


@traced
def work() -> int:
    return 1


def test_ours_becomes_global_where_there_is_none(records: RecordedRecords) -> None:
    assert isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)
    work()
    assert isinstance(trace.get_tracer_provider(), TracerProvider)
    with trace.get_tracer("some instrumentation").start_as_current_span("theirs"):
        work()
    assert names(records.spans) == ["work", "work", "theirs"]
    assert [type(span) for span in records.spans] == [RecordedSpan, RecordedSpan, FinishedSpan]


def test_provider_set_after_recording_was_switched_on_receives_the_first_span(
    records: RecordedRecords,
) -> None:
    provider, exporter = users_provider()
    trace.set_tracer_provider(provider)
    work()
    assert names(exporter.get_finished_spans()) == ["work"]
    assert names(records.spans) == ["work"]


def test_on_the_users_provider_we_ship_our_spans_and_those_about_ai(records: RecordedRecords) -> None:
    provider, exporter = users_provider()
    trace.set_tracer_provider(provider)
    work()
    tracer = trace.get_tracer("theirs")
    for name, attributes in {
        "http": {"http.method": "GET"},
        "routed only": {"braintrust.parent": "project_name:x"},
        "gen_ai": {"gen_ai.system": "openai"},
        "nearly": {"zbraintrust.x": 1},
    }.items():
        tracer.start_span(name, attributes=attributes).end()
    with tracer.start_as_current_span("logged to"):
        current_span().log(output=1)
    assert names(records.spans) == ["work", "gen_ai", "logged to"]
    assert len(exporter.get_finished_spans()) == 6


def test_with_a_provider_but_no_recording_spans_are_the_providers() -> None:
    provider, exporter = users_provider()
    assert not is_recording()
    trace.set_tracer_provider(provider)
    assert is_recording()
    work()
    assert names(exporter.get_finished_spans()) == ["work"]


def test_ids_on_the_users_provider_do_not_follow_the_programs_seed(records: RecordedRecords) -> None:
    provider, exporter = users_provider()
    trace.set_tracer_provider(provider)
    for _ in range(2):
        random.seed(0)
        for _ in range(50):
            work()
    contexts: list[Any] = [span.context for span in exporter.get_finished_spans()]
    assert len({context.span_id for context in contexts}) == 100
    assert len({context.trace_id for context in contexts}) == 100


@pytest.mark.parametrize("parent_based", [True, False])
def test_provider_that_samples_a_tenth_keeps_every_span_of_an_experiment(
    records: RecordedRecords, parent_based: bool
) -> None:
    ratio = TraceIdRatioBased(0.1)
    provider, _ = users_provider(sampler=ParentBased(ratio) if parent_based else ratio)
    trace.set_tracer_provider(provider)
    for _ in range(200):
        span = open_span("eval", scope=EVAL_SCOPE, context=Context(), parent="experiment_id:e")
        token = otel_context.attach(context_with(span, parent="experiment_id:e"))
        work()
        otel_context.detach(token)
        span.end()
    assert len(records.spans) == 400
    for _ in range(200):
        work()
    assert 400 < len(records.spans) < 480


def test_head_sampling_is_the_providers(records: RecordedRecords, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "always_off")
    RECORDING.switch_on(records, Settings(home=Path("unused")))
    work()
    assert records.spans == []


def test_suppressed_instrumentation_records_nothing(records: RecordedRecords) -> None:
    key: Any = getattr(otel_context, "_SUPPRESS_INSTRUMENTATION_KEY")  # noqa: B009
    token = otel_context.attach(otel_context.set_value(key, True))
    work()
    assert not is_recording()
    otel_context.detach(token)
    assert records.spans == []


def test_one_provider_gets_one_processor_however_often_recording_is_switched_on() -> None:
    provider, _ = users_provider()
    first, second = RecordedRecords(), RecordedRecords()
    for records in (first, second):
        RECORDING.switch_on(records, Settings(home=Path("unused")), provider=provider)
        work()
    assert (names(first.spans), names(second.spans)) == (["work"], ["work"])


def test_no_op_provider_is_noticed(records: RecordedRecords, caplog: pytest.LogCaptureFixture) -> None:
    trace.set_tracer_provider(trace.NoOpTracerProvider())
    assert work() == 1
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "NoOpTracerProvider" in caplog.text
    assert "no span will reach spanscore" in caplog.text


def test_disabled_sdk_records_nothing(records: RecordedRecords, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    RECORDING.switch_on(records, Settings(home=Path("unused")))
    assert work() == 1
    assert records.spans == []


def test_spans_have_their_origin_and_environment(
    records: RecordedRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRAINTRUST_ENVIRONMENT_TYPE", "staging")
    RECORDING.switch_on(records, Settings.from_env())
    with start_span("s"):
        pass
    (span,) = records.spans
    assert isinstance(span, ReadableSpan)
    origin = json.loads(str((span.attributes or {})["braintrust.context_json"]))["span_origin"]
    assert origin["environment"] == {"type": "staging"}
    assert origin["instrumentation"] == {"name": "spanscore"}


def test_provider_set_later_ships_foreign_spans_before_our_first(records: RecordedRecords) -> None:
    """A program with only foreign instrumentation, which sets its provider after recording is switched on."""
    provider, exporter = users_provider()
    trace.set_tracer_provider(provider)
    trace.get_tracer("theirs").start_span("chat", attributes={"gen_ai.system": "x"}).end()
    assert names(records.spans) == names(exporter.get_finished_spans()) == ["chat"]


def test_provider_set_later_is_not_used_where_another_was_named(records: RecordedRecords) -> None:
    named, _ = users_provider()
    RECORDING.switch_on(records, Settings(home=Path("unused")), provider=named)
    provider, _ = users_provider()
    trace.set_tracer_provider(provider)
    trace.get_tracer("theirs").start_span("chat", attributes={"gen_ai.system": "x"}).end()
    assert names(records.spans) == []


def test_provider_set_after_recording_was_switched_off_is_left_alone(records: RecordedRecords) -> None:
    RECORDING.switch_off()
    provider, _ = users_provider()
    trace.set_tracer_provider(provider)
    trace.get_tracer("theirs").start_span("chat", attributes={"gen_ai.system": "x"}).end()
    assert names(records.spans) == []


def test_filter_of_the_settings_holds_on_our_own_provider(records: RecordedRecords) -> None:
    RECORDING.switch_on(records, Settings(home=Path("unused"), filter_ai_spans=True))
    with start_span("ours"):
        trace.get_tracer("theirs").start_span("http").end()
        trace.get_tracer("theirs").start_span("chat", attributes={"gen_ai.system": "x"}).end()
    assert names(records.spans) == ["chat", "ours"]


def test_disabled_provider_is_said_once(
    records: RecordedRecords, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    provider, _ = users_provider()
    trace.set_tracer_provider(provider)
    assert [work(), work()] == [1, 1]
    assert ["OTEL_SDK_DISABLED" in record.getMessage() for record in caplog.records] == [True]


class Bare(sdk_trace.TracerProvider):
    """A provider that neither shows its processors nor takes further attributes."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_spanscore"):
            raise AttributeError(name)
        super().__setattr__(name, value)


def test_provider_that_cannot_be_marked_gets_one_processor_all_the_same() -> None:
    provider = Bare(resource=Resource({}), shutdown_on_exit=False)
    sinks = [RecordedRecords(), RecordedRecords()]
    for sink in sinks:
        RECORDING.switch_on(sink, Settings(home=Path("unused")), provider=provider)
        work()
    RECORDING.switch_off()
    assert [names(sink.spans) for sink in sinks] == [["work"], ["work"]]


@pytest.mark.parametrize(
    ("settings", "longest", "size", "media"),
    [
        (None, None, 1 << 20, 32 << 20),
        (None, 500, 500, 0),
        (Settings(home=Path("unused"), max_attribute_bytes=900, max_media_bytes=7), None, 900, 7),
        (Settings(home=Path("unused"), max_attribute_bytes=900, convert_media=False), None, 900, 0),
        (Settings(home=Path("unused"), max_attribute_bytes=900), 500, 500, 0),
        (Settings(home=Path("unused"), max_attribute_bytes=900), 5_000, 900, 0),
    ],
)
def test_the_budget_has_an_allowance_for_media_unless_the_provider_cuts(
    settings: Settings | None, longest: int | None, size: int, media: int
) -> None:
    budget = budget_of(settings, longest)
    assert (budget, budget.media) == (size, media)
