"""Spans and updates as bytes: what comes back is the same in every way that a backend can see."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan, SpanLimits, TracerProvider
from opentelemetry.trace import (
    Link,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    TraceState,
    get_current_span,
)

from finished_spans import RESOURCE, START_NS, failed, finished, whole_span
from spanscore import init_logger, setup, start_span
from spanscore._json import JsonText
from spanscore.delivery._codec import decode_span, decode_update, encode_span, encode_update
from spanscore.delivery._sources import Sources
from spanscore.tracing import RecordedSpan
from spanscore.wire.records import FinishedSpan, RowUpdate

pytestmark = pytest.mark.core
short = settings.get_profile("short")


def there_and_back(span: ReadableSpan) -> FinishedSpan:
    sources = Sources()
    return decode_span(
        b"".join(parts := encode_span(span, sources.number(span))),
        sources.by_number,
        is_in_parts=len(parts) > 1,
    )


def context(
    span_id: int = 2, *, trace_id: int = 1, is_remote: bool = False, flags: int = 1, state: str | None = None
) -> SpanContext:
    trace_state = TraceState.from_header([state]) if state else None
    return SpanContext(trace_id, span_id, is_remote, TraceFlags(flags), trace_state)


def sdk_span() -> ReadableSpan:
    limits = SpanLimits(max_span_attributes=4, max_events=1, max_links=1, max_event_attributes=1)
    tracer = TracerProvider(resource=RESOURCE, span_limits=limits).get_tracer(
        "sdk", "2", "https://s", {"x": 1}
    )
    attributes = {"dropped": 1, "int": 1, "float": 0.5, "text": "é", "many": ["a", "b"]}
    links = [Link(context(9), {"a": 1}), Link(context(10, is_remote=True, state="a=1"), {"b": [1, 2]})]
    with tracer.start_as_current_span("sdk", attributes=attributes, links=links) as made:
        made.add_event("first", {"k": "v"})
        made.add_event("second", {"k": "v", "dropped": 1})
        made.set_status(StatusCode.ERROR, "boom")
    assert isinstance(made, ReadableSpan)
    return made


def recorded_span() -> ReadableSpan:
    setup(destinations=["local"])
    init_logger("bot")
    with start_span("own", input={"a": [1, None]}) as handle:
        handle.log(output="text", scores={"good": 1})
        made = get_current_span()
        made.add_event("event", {"k": 1.5})
        made.add_link(context(7), {"l": True})
        made.record_exception(ValueError("no"))
        made.set_attribute("plain", '{"not": "ours"}')
    assert isinstance(made, RecordedSpan)
    return made


SPANS: dict[str, Callable[[], ReadableSpan]] = {
    "least": lambda: whole_span(),
    "nothing set": lambda: whole_span(name="", start_time=None, end_time=None),
    "largest ids": lambda: whole_span(context=context((1 << 64) - 1, trace_id=(1 << 128) - 1)),
    "flags": lambda: whole_span(context=context(flags=0xFF), parent=context(3, flags=0)),
    "trace state": lambda: whole_span(context=context(state="a=1,b=2"), parent=context(3, state="c=3")),
    "local parent": lambda: whole_span(parent=context(3)),
    "remote parent": lambda: whole_span(parent=context(3, is_remote=True, state="a=1")),
    "kinds": lambda: whole_span(kind=SpanKind.CONSUMER),
    "error": lambda: whole_span(status=Status(StatusCode.ERROR, "boom")),
    "ok": lambda: whole_span(status=Status(StatusCode.OK)),
    "dropped counts": lambda: whole_span(
        dropped=(1, 2, 3), events=[Event("e", timestamp=1)], links=[Link(context(3))]
    ),
    "attributes": lambda: whole_span(
        attributes={
            "bool": True,
            "int": -(1 << 63),
            "float": 1e300,
            "infinite": float("inf"),
            "text": "a\0ü😀",
            "bytes": b"\xff",
            "texts": ("a", "b"),
            "numbers": (1, 2),
            "none": (),
            "json": JsonText('{"a":"\\u00fc"}'),
        }
    ),
    "events": lambda: whole_span(
        events=[Event("e", {"k": ("a",), "j": JsonText("[]")}, 5), Event("", timestamp=START_NS)]
    ),
    "links": lambda: whole_span(
        links=[Link(context(9, trace_id=1 << 127, is_remote=True, state="x=y"), {"k": 1})]
    ),
    "no scope": lambda: finished(scope=None),
    "resource": lambda: whole_span(resource=Resource({"a": ["b"]}, "https://schema")),
    "sdk over its limits": sdk_span,
    "ours": recorded_span,
}


@pytest.mark.parametrize("name", SPANS)
def test_same_otlp_comes_out(name: str) -> None:
    original = SPANS[name]()
    read = there_and_back(original)
    assert encode_spans([read]) == encode_spans([original])
    assert there_and_back(read).to_json() == read.to_json() if name != "attributes" else True


@pytest.mark.parametrize("name", SPANS)
def test_what_is_json_stays_json_and_other_text_stays_text(name: str) -> None:
    original = SPANS[name]()
    read = there_and_back(original).attributes
    assert {key: type(value) for key, value in read.items()} == {
        key: type(value) for key, value in (original.attributes or {}).items()
    }


def test_span_of_ours_and_its_copies_are_written_alike() -> None:
    original = recorded_span()
    copy = there_and_back(original)
    assert encode_span(copy, 3) == encode_span(original, 3)


def test_context_and_parent_come_back() -> None:
    read = there_and_back(
        whole_span(
            context=context(flags=3, state="a=1"), parent=context(3, flags=2, is_remote=True, state="b=2")
        )
    )
    assert read.get_span_context() == context(flags=3, state="a=1")
    assert read.parent == context(3, flags=2, is_remote=True, state="b=2")
    assert read.parent is not None
    assert (read.parent.is_remote, read.parent.trace_flags) == (True, 2)
    assert (read.dropped_attributes, read.dropped_events, read.dropped_links) == (0, 0, 0)


def test_what_was_dropped_of_events_and_links_comes_back() -> None:
    original = sdk_span()
    read = there_and_back(original)
    assert [event.dropped_attributes for event in read.events] == [1]
    assert (read.dropped_attributes, read.dropped_events, read.dropped_links) == (1, 1, 1)
    assert [link.dropped_attributes for link in read.links] == [
        link.dropped_attributes for link in original.links
    ]


LONG: dict[str, Any] = {"x": "x" * 20_000, "j": JsonText('"' + "é" * 20_000 + '"'), "k": JsonText("{}")}
HOSTILE: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "lone surrogates": ({"\ud800": "\udfff", "ok": "ok"}, {"\\ud800": "\\udfff", "ok": "ok"}),
    "keys that become one": ({"\ud800": 1, "\\ud800": JsonText("2")}, {"\\ud800": "2"}),
    "more than 64 bits": ({"n": 1 << 80, "l": (1, 1 << 64)}, {"n": hex(1 << 80), "l": (1, hex(1 << 64))}),
    "nothing": ({"none": None}, {"none": None}),
    "nested": ({"a": {"b": [{"c": None}]}}, {"a": {"b": ({"c": None},)}}),
    "long": (LONG, LONG),
    "an object": ({"o": {1, 2} and frozenset([1])}, {"o": "[1]"}),
}


@pytest.mark.parametrize(("attributes", "expected"), HOSTILE.values(), ids=HOSTILE)
def test_what_cannot_be_written_as_it_is_becomes_text(
    attributes: dict[str, Any], expected: dict[str, Any]
) -> None:
    read = there_and_back(
        whole_span(
            name="n\ud800",
            attributes=attributes,
            status=Status(StatusCode.ERROR, "s\ud800"),
            events=[Event("e\ud800", attributes, 1)],
            links=[Link(context(3), attributes)],
        )
    )
    assert (read.name, read.status.description) == ("n\\ud800", "s\\ud800")
    assert dict(read.attributes) == expected
    (event,), (link,) = read.events, read.links
    assert (event.name, dict(event.attributes or {}), dict(link.attributes or {})) == (
        "e\\ud800",
        expected,
        expected,
    )


def test_long_json_with_lone_surrogates_is_kept() -> None:
    attributes = {
        "json": JsonText('"' + "x" * 20_000 + '\ud800"'),
        "more": JsonText('"' + "y" * 20_000 + '"'),
    }
    read = there_and_back(whole_span(attributes=attributes)).attributes
    assert (read["json"], read["more"]) == (attributes["json"][:-2] + '\\ud800"', attributes["more"])


def test_json_beside_keys_that_become_one_never_is_what_it_is_not() -> None:
    """A `JsonText` is taken for valid JSON: no other text may come back as one."""
    attributes = {"\ud800": "a{", "\\ud800": "b{", "json": JsonText("{}"), "z": "c{"}
    read = there_and_back(whole_span(attributes=attributes)).attributes
    assert [key for key, value in read.items() if type(value) is JsonText and value != "{}"] == []


scalars = st.booleans() | st.integers(-(1 << 63), (1 << 63) - 1) | st.floats(allow_nan=False) | st.text()
values = scalars | st.lists(st.text(), max_size=3).map(tuple) | st.binary(max_size=5)
attributes_ = st.dictionaries(st.text(), values | st.builds(JsonText, st.just("{}")), max_size=4)
contexts = st.builds(
    context,
    st.integers(1, (1 << 64) - 1),
    trace_id=st.integers(1, (1 << 128) - 1),
    is_remote=st.booleans(),
    flags=st.integers(0, 255),
    state=st.none() | st.just("k=v"),
)


@settings(short)
@given(st.data())
def test_any_span_comes_back(data: st.DataObject) -> None:
    own = data.draw(contexts)
    above = data.draw(st.none() | contexts)
    if above is not None:
        above = SpanContext(
            own.trace_id, above.span_id, above.is_remote, above.trace_flags, above.trace_state
        )
    original = whole_span(
        name=data.draw(st.text()),
        context=own,
        parent=above,
        kind=data.draw(st.sampled_from(SpanKind)),
        attributes=data.draw(attributes_),
        status=data.draw(st.sampled_from([failed(), Status(StatusCode.OK), Status(StatusCode.UNSET)])),
        events=data.draw(
            st.lists(st.builds(Event, st.text(), attributes_, st.integers(0, 1 << 62)), max_size=2)
        ),
        links=data.draw(st.lists(st.builds(Link, contexts, attributes_), max_size=2)),
        dropped=data.draw(st.tuples(*[st.integers(0, 9)] * 3)),
    )
    assert encode_spans([there_and_back(original)]) == encode_spans([original])


@settings(short)
@given(
    st.text(),
    st.integers(0, (1 << 128) - 1),
    st.integers(0, (1 << 64) - 1),
    st.dictionaries(st.text(), st.builds(JsonText, st.text())),
)
def test_any_update_comes_back(parent: str, trace_id: int, span_id: int, fields: dict[str, JsonText]) -> None:
    update = RowUpdate(parent=parent, trace_id=trace_id, span_id=span_id, fields=fields)
    read = decode_update(encode_update(update))
    assert read == update
    assert all(type(text) is JsonText for text in read.fields.values())


def test_update_with_lone_surrogates_is_kept() -> None:
    update = RowUpdate(parent="p\ud800", trace_id=1, span_id=1, fields={"output": JsonText('"\ud800"')})
    assert decode_update(encode_update(update)).parent == "p\\ud800"
