"""The processor that a program adds to its own provider, with the store and with a server on loopback."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk import trace as sdk_trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

import spanscore
from http_sink import HttpSink
from spanscore import (
    BraintrustSpanProcessor,
    Eval,
    SpanscoreSpanProcessor,
    flush,
    init_logger,
    setup,
    start_span,
)
from spanscore._config import Settings
from spanscore.errors import ConfigError, ParentError
from spanscore.store import SqliteStore
from spanscore.wire.parent import Parent

pytestmark = pytest.mark.core

BOT = "project_name:bot"


@pytest.fixture
def provider() -> Iterator[sdk_trace.TracerProvider]:
    made = sdk_trace.TracerProvider(resource=Resource({}), shutdown_on_exit=False)
    yield made
    made.shutdown()


@pytest.fixture
def sink() -> Iterator[HttpSink]:
    with HttpSink() as made:
        yield made


def end(provider: sdk_trace.TracerProvider, *names: str) -> None:
    for name in names:
        attributes = {"gen_ai.system": "x"} if name.startswith("ai") else None
        provider.get_tracer("theirs").start_span(name, Context(), attributes=attributes).end()


def stored(parent: str = BOT) -> list[str]:
    """The names of the spans in the embedded store, in the order of their arrival."""
    store = SqliteStore(Settings.from_env().home / "spanscore.db")
    return [row.span_attributes["name"] for row in store.rows(Parent.parse(parent))]


def sent(sink: HttpSink) -> list[str]:
    """The names of the spans that the server was sent."""
    requests = [request for request in sink.requests if request.path.endswith("/v1/traces")]
    batches = [ExportTraceServiceRequest.FromString(request.content) for request in requests]
    return [
        span.name
        for batch in batches
        for resource in batch.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]


def test_it_is_also_known_by_braintrusts_name() -> None:
    assert BraintrustSpanProcessor is SpanscoreSpanProcessor is spanscore.SpanscoreSpanProcessor


def test_added_by_hand_it_ships_every_span(provider: sdk_trace.TracerProvider) -> None:
    provider.add_span_processor(SpanscoreSpanProcessor(parent=BOT))
    end(provider, "http", "ai")
    assert provider.force_flush()
    assert stored() == ["http", "ai"]


@pytest.mark.parametrize("by_environment", [True, False])
def test_ai_spans_alone(
    provider: sdk_trace.TracerProvider, by_environment: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if by_environment:
        monkeypatch.setenv("BRAINTRUST_FILTER_AI_SPANS", "true")
    SpanscoreSpanProcessor(parent=BOT, filter_ai_spans=None if by_environment else True).add_to(provider)
    end(provider, "http", "ai")
    provider.force_flush()
    assert stored() == ["ai"]


def test_argument_goes_before_the_environment(
    provider: sdk_trace.TracerProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRAINTRUST_FILTER_AI_SPANS", "true")
    SpanscoreSpanProcessor(parent=BOT, filter_ai_spans=False).add_to(provider)
    end(provider, "http", "ai")
    provider.force_flush()
    assert stored() == ["http", "ai"]


def test_roots_above_ai_spans(provider: sdk_trace.TracerProvider) -> None:
    processor = SpanscoreSpanProcessor(parent=BOT, filter_ai_spans=True, keep_roots="with_ai_descendants")
    provider.add_span_processor(processor)
    tracer = provider.get_tracer("theirs")
    with tracer.start_as_current_span("request", context=Context()):
        tracer.start_span("ai", attributes={"gen_ai.system": "x"}).end()
    end(provider, "http")
    provider.force_flush()
    assert sorted(stored()) == ["ai", "request"]


def is_health_check(span: ReadableSpan) -> bool | None:
    return False if span.name == "health" else None


@pytest.mark.parametrize(
    "custom_filter", [is_health_check, [is_health_check], [lambda _: None, is_health_check]]
)
def test_custom_filters(provider: sdk_trace.TracerProvider, custom_filter: Any) -> None:
    SpanscoreSpanProcessor(parent=BOT, custom_filter=custom_filter).add_to(provider)
    end(provider, "health", "http")
    provider.force_flush()
    assert stored() == ["http"]


def test_spans_placed_nowhere_go_to_the_project_of_the_settings(
    provider: sdk_trace.TracerProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRAINTRUST_PROJECT", "named")
    SpanscoreSpanProcessor().add_to(provider)
    end(provider, "http")
    provider.force_flush()
    assert stored("project_name:named") == ["http"]


def test_parent_that_is_none_is_an_error() -> None:
    with pytest.raises(ParentError, match="'bot' is no parent"):
        SpanscoreSpanProcessor(parent="bot")


def test_destination_that_is_none_is_an_error() -> None:
    with pytest.raises(ConfigError):
        SpanscoreSpanProcessor(destinations=["braintrst"])


def test_key_sends_spans_to_braintrust_and_nowhere_else(
    provider: sdk_trace.TracerProvider, sink: HttpSink
) -> None:
    processor = SpanscoreSpanProcessor(
        api_key="k", api_url=sink.url, headers={"x-team": "t"}, parent="project_id:7"
    )
    provider.add_span_processor(processor)
    end(provider, "http")
    assert provider.force_flush()
    assert sent(sink) == ["http"]
    (request,) = sink.requests
    names = ("authorization", "x-bt-parent", "x-team")
    assert [request.headers[name] for name in names] == ["Bearer k", "project_id:7", "t"]
    assert not (Settings.from_env().home / "spanscore.db").exists()


def test_exporter_of_the_programs_is_a_destination(provider: sdk_trace.TracerProvider) -> None:
    exporter = InMemorySpanExporter()
    SpanscoreSpanProcessor(destinations=["local", exporter], parent=BOT).add_to(provider)
    end(provider, "http")
    assert provider.force_flush()
    assert [span.name for span in exporter.get_finished_spans()] == stored() == ["http"]


def test_exporter_beside_it_sees_nothing_of_ours_but_the_place(provider: sdk_trace.TracerProvider) -> None:
    beside = InMemorySpanExporter()
    SpanscoreSpanProcessor(parent=BOT).add_to(provider)
    provider.add_span_processor(SimpleSpanProcessor(beside))
    provider.get_tracer("theirs").start_span("s", attributes={"api_key": "k"}).end()
    provider.force_flush()
    (span,) = beside.get_finished_spans()
    assert dict(span.attributes or {}) == {"api_key": "k", "braintrust.parent": BOT}


FRONT_DOORS: dict[str, Callable[[], object]] = {
    "init_logger": lambda: init_logger("bot"),
    "setup": lambda: setup(destinations=["local"]),
    "setup twice": lambda: (setup(destinations=["local"]), setup(destinations=["local"])),
}


@pytest.mark.parametrize("is_hand_first", [True, False])
@pytest.mark.parametrize("front_door", FRONT_DOORS.values(), ids=FRONT_DOORS)
def test_beside_a_front_door_each_span_is_shipped_once(
    provider: sdk_trace.TracerProvider, front_door: Callable[[], object], is_hand_first: bool
) -> None:
    trace.set_tracer_provider(provider)
    if not is_hand_first:
        front_door()
    seen: list[str] = []
    SpanscoreSpanProcessor(parent=BOT, custom_filter=lambda span: seen.append(span.name)).add_to(provider)
    if is_hand_first:
        front_door()
    start_span("ours").end()
    end(provider, "http", "ai")
    assert flush()
    assert provider.force_flush()
    assert sorted(stored()) == ["ai", "http", "ours"]
    assert seen == ["ours", "http", "ai"]


@pytest.mark.parametrize("has_own", [True, False])
def test_eval_beside_one_by_hand_has_all_its_spans(
    provider: sdk_trace.TracerProvider, sink: HttpSink, has_own: bool
) -> None:
    """Also where a filter of the program's would drop them: its figures are computed from them."""
    trace.set_tracer_provider(provider)
    own: dict[str, Any] = {"api_key": "k", "api_url": sink.url} if has_own else {}
    SpanscoreSpanProcessor(custom_filter=lambda _: False, **own).add_to(provider)
    result = Eval("bot", data=[{"input": 1, "expected": 1}], task=lambda value: value, scores=[equal])
    (score,) = result.summary.scores.values()
    assert (score.name, score.mean) == ("equal", 1)


def equal(output: object, expected: object) -> float:
    return float(output == expected)


def test_second_one_is_refused(
    provider: sdk_trace.TracerProvider, sink: HttpSink, caplog: pytest.LogCaptureFixture
) -> None:
    provider.add_span_processor(SpanscoreSpanProcessor(parent=BOT))
    provider.add_span_processor(SpanscoreSpanProcessor(api_key="k", api_url=sink.url))
    end(provider, "one", "two")
    provider.force_flush()
    assert (stored(), sent(sink)) == (["one", "two"], [])
    assert ["second" in record.getMessage() for record in caplog.records] == [True]


def test_second_one_for_another_account(provider: sdk_trace.TracerProvider, sink: HttpSink) -> None:
    SpanscoreSpanProcessor(parent="project_id:1").add_to(provider)
    SpanscoreSpanProcessor(api_key="k", api_url=sink.url, allow_second=True).add_to(provider)
    end(provider, "one")
    provider.force_flush()
    assert (stored("project_id:1"), sent(sink)) == (["one"], ["one"])


def test_provider_that_does_nothing_is_said(caplog: pytest.LogCaptureFixture) -> None:
    SpanscoreSpanProcessor().add_to(trace.NoOpTracerProvider())
    SpanscoreSpanProcessor().add_to()
    said = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert ["no span will reach spanscore" in line for line in said] == [True, True]


def test_disabled_sdk_is_said_once(
    provider: sdk_trace.TracerProvider, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    provider.add_span_processor(SpanscoreSpanProcessor().add_to(provider))
    assert ["OTEL_SDK_DISABLED" in record.getMessage() for record in caplog.records] == [True]


def test_nothing_is_written_before_there_is_a_span(
    provider: sdk_trace.TracerProvider, tmp_path: Path
) -> None:
    SpanscoreSpanProcessor(parent=BOT).add_to(provider)
    assert list(tmp_path.iterdir()) == []


def test_shutdown_delivers_what_waits(provider: sdk_trace.TracerProvider) -> None:
    SpanscoreSpanProcessor(parent=BOT).add_to(provider)
    end(provider, "http")
    provider.shutdown()
    assert stored() == ["http"]
