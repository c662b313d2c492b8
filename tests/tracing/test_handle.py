"""The handle: what it logs, on which spans, and when."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk import trace as sdk_trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanLimits
from opentelemetry.trace import StatusCode

from spanscore.api.propagation import parent_context
from spanscore.testing import RecordedRecords, recorded_spans
from spanscore.tracing import NOOP_SPAN, RECORDING, Span, current_span, guard, start_span, traced

pytestmark = pytest.mark.core


@pytest.fixture
def recorded() -> Iterator[RecordedRecords]:
    with recorded_spans() as records:
        yield records


def logged(span: ReadableSpan) -> dict[str, Any]:
    """Braintrust attributes with their JSON parsed, those that every span has left out."""
    found: dict[str, Any] = {}
    for key, value in (span.attributes or {}).items():
        name = key.removeprefix("braintrust.").removesuffix("_json")
        if name not in ("context", "parent", "span_attributes"):
            found[name] = json.loads(value) if isinstance(value, str) else value
    return found


def test_log_is_incremental_and_merges_deeply(recorded: RecordedRecords) -> None:
    with start_span("answer", type="task", input={"q": 1}) as span:
        span.log(metadata={"user": {"id": 1, "plan": "free"}, "tier": 1}, scores={"a": 1}, tags=["x"])
        span.log(
            metadata={"user": {"plan": "paid"}}, scores={"b": None}, metrics={"hits": 2}, tags=["y", "x"]
        )
        span.log(output="first", expected=None)
        span.log(output="second")
    assert logged(recorded.spans[0]) == {
        "input": {"q": 1},
        "output": "second",
        "expected": None,
        "metadata": {"user": {"id": 1, "plan": "paid"}, "tier": 1},
        "scores": {"a": 1, "b": None},
        "metrics": {"hits": 2},
        "tags": ("x", "y"),
    }


def test_logged_value_may_be_changed_afterwards(recorded: RecordedRecords) -> None:
    metadata = {"stage": "before"}
    with start_span("s") as span:
        span.log(metadata=metadata)
        metadata["stage"] = "after"
    assert logged(recorded.spans[0]) == {"metadata": {"stage": "before"}}


@pytest.mark.parametrize("error", [ValueError("bad"), "bad"])
def test_logged_error_sets_the_status(error: Any, recorded: RecordedRecords) -> None:
    with start_span("s") as span:
        span.log(error=error)
    described = recorded.spans[0].status.description
    assert recorded.spans[0].status.status_code is StatusCode.ERROR
    assert described == ("ValueError: bad" if isinstance(error, ValueError) else "bad")


def test_exception_in_a_with_block_is_recorded_and_raised(recorded: RecordedRecords) -> None:
    error = KeyError("gone")
    with pytest.raises(KeyError) as caught, start_span("s"):
        raise error
    assert caught.value is error
    (span,) = recorded.spans
    assert [event.name for event in span.events] == ["exception"]
    assert span.status.description == "KeyError: 'gone'"


def test_set_attributes_renames_and_retypes(recorded: RecordedRecords) -> None:
    with start_span("s", type="task") as span:
        span.set_attributes(name="renamed")
        span.set_attributes(type="tool")
    (ended,) = recorded.spans
    assert ended.name == "renamed"
    assert json.loads(str((ended.attributes or {})["braintrust.span_attributes"])) == {
        "type": "tool",
        "name": "renamed",
    }


def test_ids_link_equality_and_repr(recorded: RecordedRecords) -> None:
    with start_span("one") as span:
        here = current_span()
        assert here == span
        assert hash(here) == hash(span)
        assert here is not span
    assert span.id == "0000000000000001"
    assert span.root_span_id == "00000000000000000000000000000001"
    assert span.link() == "spanscore trace 00000000000000000000000000000001"
    assert repr(span) == (
        "Span(name='one', id='0000000000000001', root_span_id='00000000000000000000000000000001')"
    )
    assert span != NOOP_SPAN
    assert span != "span"


def test_span_ended_by_hand_with_children(recorded: RecordedRecords) -> None:
    root = start_span("root", parent="project_name:bot", start_time=1.5)
    child = root.start_span("child", type="tool", input=1)
    assert current_span() is NOOP_SPAN
    child.end(3.0)
    root.end(4.0)
    first, second = recorded.spans
    assert (first.name, first.parent and first.parent.span_id) == ("child", 1)
    assert (second.start_time, second.end_time) == (1_500_000_000, 4_000_000_000)
    assert first.end_time == 3_000_000_000
    assert {str((span.attributes or {})["braintrust.parent"]) for span in (first, second)} == {
        "project_name:bot"
    }


def test_parent_span_may_be_given(recorded: RecordedRecords) -> None:
    root = start_span("root", parent="project_name:bot")
    with start_span("elsewhere"), start_span("child", parent=root):
        pass
    root.end()
    parents = {span.name: span.parent and span.parent.span_id for span in recorded.spans}
    assert parents == {"child": 1, "elsewhere": None, "root": None}


def test_current_span_is_never_none() -> None:
    assert current_span() is NOOP_SPAN
    NOOP_SPAN.log(input=1, metadata={"a": 1}, error="x")
    NOOP_SPAN.set_attributes(name="x", type="y")
    NOOP_SPAN.end()
    assert NOOP_SPAN.id == "0000000000000000"
    assert start_span("nothing records") is NOOP_SPAN


def test_log_on_a_span_of_plain_opentelemetry_is_not_lost() -> None:
    provider = sdk_trace.TracerProvider(resource=Resource({}), shutdown_on_exit=False)
    with provider.get_tracer("plain").start_as_current_span("theirs") as span:
        current_span().log(output=1, metadata={"a": {"b": 1}})
        current_span().log(metadata={"a": {"c": 2}})
        assert current_span().name == "theirs"
    assert isinstance(span, ReadableSpan)
    assert logged(span) == {"output": 1, "metadata": {"a": {"b": 1, "c": 2}}}


def test_log_after_the_end_becomes_an_update_of_the_row(recorded: RecordedRecords) -> None:
    span = start_span("s", parent="project_name:bot")
    span.end()
    span.log(scores={"thumbs": 1}, metadata={"late": True}, tags=["t"], error=ValueError("x"))
    (update,) = recorded.updates
    assert (update.parent, update.trace_id, update.span_id) == ("project_name:bot", 1, 1)
    assert update.fields == {
        "scores": '{"thumbs":1}',
        "metadata": '{"late":true}',
        "tags": '["t"]',
        "error": '"ValueError: x"',
    }


@pytest.mark.parametrize("own", [True, False])
def test_value_length_limit_leaves_valid_json(own: bool) -> None:
    limits = SpanLimits(max_attribute_length=4096)
    if own:
        context = recorded_spans(limits=limits)
    else:
        provider = sdk_trace.TracerProvider(span_limits=limits, resource=Resource({}), shutdown_on_exit=False)
        context = recorded_spans(provider=provider)  # type: ignore[arg-type]

    @traced
    def echo(text: str) -> str:
        current_span().log(metadata={"text": text, "more": [text] * 3})
        current_span().log(metadata={"again": text})
        return text

    with context as recorded:
        echo("spans " * 5000)
    attributes = recorded.spans[0].attributes or {}
    for key in ("input_json", "output_json", "metadata"):
        text = str(attributes[f"braintrust.{key}"])
        assert len(text) <= 4096
        json.loads(text)


def test_length_limit_of_the_environment_leaves_valid_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "4096")
    with recorded_spans() as recorded, start_span("s", input="é" * 10_000):
        pass
    text = str((recorded.spans[0].attributes or {})["braintrust.input_json"])
    assert len(text.encode()) <= 4096
    assert json.loads(text).startswith("ééé")


def test_methods_do_not_fail_on_foreign_span_objects() -> None:
    class Minimal(trace.NonRecordingSpan):
        def is_recording(self) -> bool:
            return True

    span = Span(Minimal(trace.SpanContext(1, 2, False)))
    span.log(input=1, metadata={"a": 1}, tags=["x"])
    span.set_attributes(name="n")
    assert span.name == ""
    assert RECORDING.sink is None


@pytest.mark.parametrize("own", [True, False])
def test_exception_that_cannot_be_told_is_recorded_all_the_same(own: bool) -> None:
    class Mute(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no words")

    provider = sdk_trace.TracerProvider(resource=Resource({}), shutdown_on_exit=False)
    context = recorded_spans() if own else recorded_spans(provider=provider)  # type: ignore[arg-type]
    error = Mute()
    with context as recorded, pytest.raises(Mute) as caught, start_span("s"):
        raise error
    assert caught.value is error
    (span,) = recorded.spans
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, "Mute")
    (event,) = span.events
    assert str((event.attributes or {})["exception.type"]).endswith("Mute")
    assert (event.attributes or {})["exception.message"] == "<the exception's str() failed>"


class Hostile(trace.NonRecordingSpan):
    """A span of somebody's whose attributes cannot be read."""

    @property
    def attributes(self) -> Any:
        raise RuntimeError("no attributes")


def test_a_span_that_cannot_be_read_does_no_harm_to_who_sends_it_on(recorded: RecordedRecords) -> None:
    guard.reraise = False
    guard.drain()
    span = Span(Hostile(trace.SpanContext(1, 2, is_remote=False)))
    headers = {"a": "b", "traceparent": "00-00000000000000000000000000000001-0000000000000002-00"}
    assert span.inject({"a": "b"}) == headers
    assert span.export() == ""
    assert start_span("below", parent=span) is NOOP_SPAN
    with parent_context(span):
        pass
    failed = {"reading a span", "writing the trace context of a request", "Span.export", "start_span"}
    assert set(guard.drain()) == failed


def test_a_span_with_an_argument_that_there_is_not_is_recorded_with_the_others(
    recorded: RecordedRecords, caplog: pytest.LogCaptureFixture
) -> None:
    guard.reraise = False
    given: dict[str, Any] = {"input": 1, "dataset_record_id": "r", "state": None}
    with start_span("outer", **given) as outer, outer.start_span("inner", **given):
        pass
    assert [(span.name, logged(span)) for span in recorded.spans] == [
        ("inner", {"input": 1}),
        ("outer", {"input": 1}),
    ]
    assert guard.drain() == {"start_span": 2}
    assert "no span has dataset_record_id; give error, expected, input" in caplog.text


def test_what_no_span_has_is_told_and_the_rest_is_logged(
    recorded: RecordedRecords, caplog: pytest.LogCaptureFixture
) -> None:
    guard.reraise = False
    with start_span("outer", parent="project_name:p") as span:
        span.log(input=1, inputs=2)
        span.end()
        span.log(output=3, outputs=4)
    assert logged(recorded.spans[0]) == {"input": 1}
    assert recorded.updates[0].fields == {"output": "3"}
    assert guard.drain() == {"start_span": 2}
    assert "no span has inputs; give error, expected, input" in caplog.text


def test_what_is_no_score_falsifies_no_mean(recorded: RecordedRecords) -> None:
    guard.reraise = False
    event: dict[str, Any] = {"scores": {"late": "x", "other_secret": 0.5}}
    with start_span("outer", parent="project_name:p", scores={"start": 2}) as span:
        span.log(scores={"a": 7, "no_password": 1, "c": None})
        span.end()
        span.log(**event)
    assert logged(recorded.spans[0]) == {"scores": {"no_password": 1, "c": None}}
    assert recorded.updates[0].fields == {"scores": '{"other_secret":0.5}'}
    assert guard.drain() == {"recording scores": 3}
