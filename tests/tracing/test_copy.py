"""The copy that is shipped of a foreign span."""

import json
from typing import Any

import pytest
from opentelemetry.sdk import trace as sdk_trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode, TraceFlags

from spanscore._json import CREDENTIALS, JsonText
from spanscore.testing import RecordedRecords
from spanscore.tracing import Origins, SinkProcessor, TracerProvider, current_span
from spanscore.tracing._copy import shipped_copy
from spanscore.wire.records import FinishedSpan

pytestmark = pytest.mark.core

CONTEXT = SpanContext(1, 2, is_remote=False, trace_flags=TraceFlags(1))
ORIGIN = {"name": "spanscore", "version": "0.1.0", "instrumentation": {"name": ""}}


def copied(attributes: Any = None, **arguments: Any) -> FinishedSpan:
    span = ReadableSpan("s", CONTEXT, attributes=attributes, resource=Resource({}), **arguments)
    return shipped_copy(span, CONTEXT, Origins())


def context_of(span: ReadableSpan) -> Any:
    return json.loads(str((span.attributes or {})["braintrust.context_json"]))


def test_copy_has_everything_that_the_span_has() -> None:
    records, exporter = RecordedRecords(), InMemorySpanExporter()
    provider = sdk_trace.TracerProvider(resource=Resource({"service.name": "x"}), shutdown_on_exit=False)
    provider.add_span_processor(SinkProcessor(records))
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracer = provider.get_tracer("theirs", "1.0")
    with tracer.start_as_current_span("above"):
        span = tracer.start_span("s", kind=SpanKind.CLIENT, links=[Link(CONTEXT)], attributes={"a": (1, 2)})
        span.add_event("happened", {"x": 1})
        span.set_status(Status(StatusCode.ERROR, "no"))
        span.end()
    (copy, _), (original, _) = records.spans, exporter.get_finished_spans()
    theirs, ours = json.loads(original.to_json()), json.loads(copy.to_json())
    assert "braintrust.context_json" in ours["attributes"]
    del ours["attributes"]["braintrust.context_json"]
    assert ours == theirs
    assert copy.instrumentation_scope == original.instrumentation_scope


def test_other_processors_see_nothing_of_what_is_added() -> None:
    """The live span stays as it is after its start, and so does what the program's exporter gets."""
    for first in (True, False):
        records, exporter = RecordedRecords(), InMemorySpanExporter()
        provider = sdk_trace.TracerProvider(resource=Resource({}), shutdown_on_exit=False)
        both = [SinkProcessor(records), SimpleSpanProcessor(exporter)]
        for processor in both if first else reversed(both):
            provider.add_span_processor(processor)
        span = provider.get_tracer("theirs").start_span("s", attributes={"password": "p"})
        span.add_event("e", {"api_key": "k"})
        span.end()
        (original,) = exporter.get_finished_spans()
        assert dict(original.attributes or {}) == {"password": "p"}
        assert dict(original.events[0].attributes or {}) == {"api_key": "k"}
        assert dict(span.attributes) == {"password": "p"}  # type: ignore[attr-defined]
        (copy,) = records.spans
        assert (copy.attributes or {})["password"] == "<redacted>"


def test_spans_of_other_scopes_on_our_provider_are_copied_too() -> None:
    records = RecordedRecords()
    provider = TracerProvider(resource=Resource({}), shutdown_on_exit=False)
    provider.add_span_processor(SinkProcessor(records))
    span = provider.get_tracer("theirs").start_span("s")
    span.end()
    (copy,) = records.spans
    assert isinstance(copy, FinishedSpan)
    assert context_of(copy)["span_origin"]["instrumentation"] == {"name": "theirs"}


def test_what_the_span_says_of_its_origin_is_kept_key_by_key() -> None:
    said = {"span_origin": {"name": "another.sdk", "environment": {"type": "ci"}}, "caller": "main.py"}
    assert context_of(copied({"braintrust.context_json": json.dumps(said)})) == {
        "span_origin": {**ORIGIN, "name": "another.sdk", "environment": {"type": "ci"}},
        "caller": "main.py",
    }


@pytest.mark.parametrize("said", ["not JSON", "[1]", "", 5, ("a",)])
def test_what_is_no_object_is_left_as_it_is(said: Any) -> None:
    assert (copied({"braintrust.context_json": said}).attributes)["braintrust.context_json"] == said


def test_span_without_attributes_and_scope_has_its_origin() -> None:
    assert context_of(copied(None)) == {"span_origin": ORIGIN}


def test_values_under_credential_named_keys_are_left_out_and_counted() -> None:
    before = CREDENTIALS.count
    event = Event("e", {"client_secret": "s", "kept": 1}, 5)
    span = copied(
        {"http.request.header.authorization": ("Bearer x",), "dbPassword": "p", "max_tokens": 5, "kept": 1},
        events=[event, Event("plain", None, 6)],
    )
    kept = {key: value for key, value in span.attributes.items() if key != "braintrust.context_json"}
    assert kept == {
        "http.request.header.authorization": "<redacted>",
        "dbPassword": "<redacted>",
        "max_tokens": 5,
        "kept": 1,
    }
    assert [(event.name, dict(event.attributes or {}), event.timestamp) for event in span.events] == [
        ("e", {"client_secret": "<redacted>", "kept": 1}, 5),
        ("plain", {}, 6),
    ]
    assert CREDENTIALS.count == before + 3


def test_without_redaction_everything_is_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CREDENTIALS, "is_on", False)
    assert copied({"password": "p"}).attributes["password"] == "p"


def test_text_that_is_known_to_be_json_stays_known() -> None:
    records = RecordedRecords()
    provider = sdk_trace.TracerProvider(resource=Resource({}), shutdown_on_exit=False)
    provider.add_span_processor(SinkProcessor(records))
    with provider.get_tracer("theirs").start_as_current_span("s"):
        current_span().log(output={"a": 1})
    (copy,) = records.spans
    assert type((copy.attributes or {})["braintrust.output_json"]) is JsonText


def test_keys_of_any_type_become_text() -> None:
    assert {"5", '["a"]'} <= set(copied({5: 1, ("a",): 2}).attributes)


def test_counts_of_what_the_limits_cost_are_copied() -> None:
    records = RecordedRecords()
    limits = sdk_trace.SpanLimits(max_span_attributes=1, max_events=1, max_links=1)
    provider = sdk_trace.TracerProvider(resource=Resource({}), span_limits=limits, shutdown_on_exit=False)
    provider.add_span_processor(SinkProcessor(records))
    span = provider.get_tracer("theirs").start_span(
        "s", attributes={"a": 1, "b": 2}, links=[Link(CONTEXT)] * 3
    )
    for _ in range(4):
        span.add_event("e")
    span.end()
    (copy,) = records.spans
    assert (copy.dropped_attributes, copy.dropped_events, copy.dropped_links) == (1, 3, 2)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (type("Text", (str,), {"__str__": lambda _: 1 / 0})("a"), "a"),
        ({1: 2}, '{"1":2}'),
        ({1, 2}, "[1,2]"),
        ([{"a": object}], """[{"a":"<class 'object'>"}]"""),
    ],
)
def test_values_that_opentelemetry_does_not_know_become_text(value: Any, text: str) -> None:
    assert copied({"a": value}).attributes["a"] == text


@pytest.mark.parametrize("value", ["a", 1, 1.5, True, None, b"x", ("a", 1), ["a"], {"a": ({"b": 1},)}])
def test_values_that_opentelemetry_knows_stay(value: Any) -> None:
    assert copied({"a": value}).attributes["a"] is value


def test_value_without_end_becomes_text() -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert "cycle" in copied({"a": endless}).attributes["a"]
