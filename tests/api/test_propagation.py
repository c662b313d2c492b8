"""One trace over several processes, by the functions of the API."""

import json
from typing import Any

import pytest
from opentelemetry import context as otel_context
from opentelemetry import trace

import spanscore
from spanscore import (
    NOOP_SPAN,
    current_span,
    extract_trace_context,
    inject_trace_context,
    parent_context,
    start_span,
    traced,
)
from spanscore.testing import RecordedRecords, recorded_spans
from spanscore.tracing import guard
from spanscore.wire.parent import Parent
from spanscore.wire.slug import Slug

pytestmark = pytest.mark.core

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
ABOVE = {"Traceparent": f"00-{TRACE}-{SPAN}-01"}
BAGGAGE = "braintrust.parent=project_name%3Abot"
SLUG = str(Slug(parent=Parent.parse("experiment_id:e"), trace_id=int(TRACE, 16), span_id=int(SPAN, 16)))


def places(recorded: RecordedRecords) -> dict[str, tuple[str, str | None, Any]]:
    """Trace, span above and container of each span by its name."""
    found: dict[str, tuple[str, str | None, Any]] = {}
    for span in recorded.spans:
        context = span.get_span_context()
        assert context is not None
        above = None if span.parent is None else f"{span.parent.span_id:016x}"
        found[span.name] = (
            f"{context.trace_id:032x}",
            above,
            (span.attributes or {}).get("braintrust.parent"),
        )
    return found


def test_item_102_there_and_back() -> None:
    with recorded_spans() as recorded:
        with start_span("client", parent="project_name:bot"):
            headers = inject_trace_context({"accept": "text/plain"})
        with start_span("server", parent=extract_trace_context(headers)):
            pass
    assert headers == {
        "accept": "text/plain",
        "traceparent": f"00-{1:032x}-{1:016x}-01",
        "baggage": BAGGAGE,
    }
    assert places(recorded)["server"] == (f"{1:032x}", f"{1:016x}", "project_name:bot")


def test_item_102_a_new_carrier_is_made() -> None:
    with recorded_spans(), start_span("s", parent="project_name:bot") as span:
        assert inject_trace_context() == span.inject() == inject_trace_context(span=span)
    assert inject_trace_context() == {}
    assert NOOP_SPAN.inject() == {}


def test_item_102_another_span_than_the_current_one_can_be_injected() -> None:
    with recorded_spans():
        other = start_span("other", parent="project_name:bot")
        with start_span("current", parent="project_name:else"):
            headers = inject_trace_context(span=other)
            child = other.start_span("child")
    assert headers == {"traceparent": f"00-{1:032x}-{1:016x}-01", "baggage": BAGGAGE}
    assert child.inject()["traceparent"] == f"00-{1:032x}-{3:016x}-01"


@pytest.mark.parametrize(
    "headers", [None, {}, {"traceparent": "invalid"}, {"baggage": BAGGAGE}, {"tracestate": "a=1"}]
)
def test_item_102_no_valid_traceparent_is_no_parent(headers: Any) -> None:
    assert extract_trace_context(headers) is None
    with recorded_spans() as recorded, start_span("server", parent=extract_trace_context(headers)):
        pass
    assert places(recorded)["server"][1] is None


@pytest.mark.parametrize("headers", [7, [1], {"traceparent": 7}, [("a",)], "text", object()])
def test_headers_of_any_kind_do_no_harm(headers: Any) -> None:
    guard.reraise = False
    assert extract_trace_context(headers) is None


@pytest.mark.parametrize("trusted", [True, False])
def test_a_container_named_in_a_request_can_be_refused(trusted: bool) -> None:
    above = extract_trace_context({**ABOVE, "baggage": BAGGAGE}, trust_parent=trusted)
    with recorded_spans() as recorded, start_span("server", parent=above) as span:
        sent = span.inject()
    container = "project_name:bot" if trusted else None
    assert places(recorded)["server"] == (TRACE, SPAN, container)
    assert sent["baggage"] == (BAGGAGE if trusted else "braintrust.parent=project_name%3Adefault")


@pytest.mark.parametrize("is_entered", [True, False])
def test_what_came_along_goes_on_from_every_span_below(is_entered: bool) -> None:
    above = extract_trace_context({**ABOVE, "baggage": "path=a%2Fb;p", "tracestate": "x=1 , y=2"})
    with recorded_spans():
        span = start_span("server", parent=above)
        if is_entered:
            with span, start_span("below"):
                sent = inject_trace_context()
        else:
            sent = start_span("grandchild", parent=span.start_span("child")).inject()
    assert sent["tracestate"] == "x=1 , y=2"
    assert sent["baggage"].endswith(",path=a%2Fb;p")


def test_every_kind_of_span_starts_below_the_parent_of_the_context() -> None:
    @traced
    def decorated() -> None:
        with start_span("inner"):
            pass

    above = extract_trace_context({**ABOVE, "baggage": BAGGAGE})
    with recorded_spans() as recorded:
        with parent_context(above):
            decorated()
            with spanscore.tracing.tracer("plain").start_as_current_span("theirs"):
                pass
        with start_span("after"):
            pass
    found = places(recorded)
    assert found["decorated"] == found["theirs"] == (TRACE, SPAN, "project_name:bot")
    assert found["inner"][0] == TRACE
    assert found["after"][:2] == (f"{1:032x}", None)


@pytest.mark.parametrize(
    ("parent", "place"),
    [
        (SLUG, (TRACE, SPAN, "experiment_id:e")),
        ("project_name:bot", (f"{2:032x}", None, "project_name:bot")),
        (str(Slug(parent=Parent.parse("project_id:p"))), (f"{2:032x}", None, "project_id:p")),
        (None, (f"{1:032x}", f"{1:016x}", None)),
        ("", (f"{1:032x}", f"{1:016x}", None)),
        ("nonsense", (f"{1:032x}", f"{1:016x}", None)),
    ],
)
def test_forms_of_a_parent(parent: Any, place: tuple[str, str | None, Any]) -> None:
    with recorded_spans() as recorded, start_span("current"):
        with start_span("given", parent=parent):
            pass
        with parent_context(parent), start_span("in context"):
            pass
    found = places(recorded)
    assert found["given"] == place
    expected = (f"{3:032x}", *place[1:]) if place[0] == f"{2:032x}" else place
    assert found["in context"] == expected


def test_a_span_of_this_process_can_be_the_parent() -> None:
    with recorded_spans() as recorded:
        above = start_span("above", parent="project_name:bot")
        with start_span("elsewhere"), parent_context(above), start_span("below"):
            pass
    assert places(recorded)["below"] == (f"{1:032x}", f"{1:016x}", "project_name:bot")


def test_the_context_is_as_before_afterwards() -> None:
    before = otel_context.get_current()
    with pytest.raises(KeyError), parent_context(SLUG):
        assert trace.get_current_span().get_span_context().trace_id == int(TRACE, 16)
        raise KeyError
    assert otel_context.get_current() is before


def test_a_context_that_is_no_longer_current_is_left_alone() -> None:
    with parent_context(SLUG):
        other = otel_context.set_value("k", "v")
        otel_context.attach(other)
    assert otel_context.get_current() is other


def test_a_trace_goes_through_a_process_that_records_nothing() -> None:
    with parent_context(extract_trace_context({**ABOVE, "baggage": f"a=1,{BAGGAGE}"})):
        assert current_span().id == SPAN
        sent = inject_trace_context()
    assert sent == {"traceparent": ABOVE["Traceparent"], "baggage": f"{BAGGAGE},a=1"}


def test_an_exported_span_is_a_parent_anywhere() -> None:
    with recorded_spans() as recorded:
        span = start_span("above", parent="project_name:bot")
        exported = span.export()
        with start_span("below", parent=exported):
            pass
    assert places(recorded)["below"] == (f"{1:032x}", f"{1:016x}", "project_name:bot")
    assert exported == (
        "BAICAwAAAAAAAAABBAAAAAAAAAAAAAAAAAAAAAF7ImNvbXB1dGVfb2JqZWN0X21ldGFkYXRhX2FyZ3MiOnsicHJvamVjdF9uYW1lIjoi"
        "Ym90IiwicHJvamVjdF9pZCI6bnVsbH0sInJvd19pZCI6IjAwMDAwMDAwMDAwMDAwMDEifQ=="
    )


def test_the_purpose_of_a_scorer_goes_along_with_an_exported_span() -> None:
    slug = str(Slug(parent=Parent.parse("experiment_id:e"), trace_id=1, span_id=2, purpose="scorer"))
    with recorded_spans() as recorded, start_span("judge", parent=slug) as span:
        assert Slug.parse(span.export()).purpose == "scorer"
        with start_span("call"):
            pass
    described = [
        json.loads(str((span.attributes or {})["braintrust.span_attributes"])) for span in recorded.spans
    ]
    assert described == [{"purpose": "scorer"}, {"purpose": "scorer"}]


def test_a_span_in_no_trace_exports_nothing() -> None:
    assert NOOP_SPAN.export() == ""
    with trace.use_span(trace.NonRecordingSpan(trace.SpanContext(1, 2, is_remote=False))):
        assert current_span().export() == ""


def test_item_103_of_ids_of_the_uuid_mode_the_container_is_honoured() -> None:
    """Its ids are 16 bytes for a span, which no OpenTelemetry span can be below: a new trace begins there."""
    legacy = (
        "AwIEAQscLT5PUEYXgpOktcbX6PkCERERESIiQzOERFVVVVVVVQNmZmZmd3dIiJmZqqqqqqqqBLu7u7vMzE3dju7///////8="
    )
    with recorded_spans() as recorded, start_span("below", parent=legacy):
        pass
    assert places(recorded)["below"] == (
        f"{1:032x}",
        None,
        "project_id:0b1c2d3e-4f50-4617-8293-a4b5c6d7e8f9",
    )
