"""A span read back from the spool."""

from typing import Any

import pytest
from opentelemetry.trace import SpanContext, TraceFlags, TraceState
from tests.finished_spans import whole_span

from spanscore.delivery._codec import decode_span, encode_span
from spanscore.delivery._messagepack import packed, unpack
from spanscore.delivery._read_span import ReadSpan
from spanscore.delivery._sources import Sources
from spanscore.wire.records import FinishedSpan

pytestmark = pytest.mark.core
SOURCES = Sources()


def body(span: FinishedSpan) -> bytes:
    (only,) = encode_span(span, SOURCES.number(span))
    return only


def read(span: FinishedSpan) -> FinishedSpan:
    return decode_span(body(span), SOURCES.by_number)


def context(span_id: int, *, is_remote: bool = False) -> SpanContext:
    return SpanContext(1 << 127 | 5, span_id, is_remote, TraceFlags(1), TraceState.from_header(["a=1"]))


def test_contexts_are_those_of_the_span_and_are_made_once() -> None:
    span = read(whole_span(context=context(2), parent=context(3, is_remote=True)))
    own, above = span.context, span.parent
    assert own is not None
    assert above is not None
    assert [(each.trace_id, each.span_id, each.is_remote) for each in (own, above)] == [
        (1 << 127 | 5, 2, False),
        (1 << 127 | 5, 3, True),
    ]
    assert [dict(each.trace_state) for each in (own, above)] == [{"a": "1"}] * 2
    assert span.get_span_context() is own
    assert span.parent is above


@pytest.mark.parametrize("above", [None, context(3)])
def test_ids_are_told_alike_before_and_after_the_spool(above: SpanContext | None) -> None:
    span = whole_span(context=context(2), parent=above)
    assert span.ids == read(span).ids == (1 << 127 | 5, 2, above and 3)


def test_a_span_that_was_read_is_written_as_it_was() -> None:
    span = whole_span()
    assert body(read(span)) == body(span)


def test_a_root_has_no_parent_and_other_names_are_no_attributes() -> None:
    span = read(whole_span(parent=None))
    assert isinstance(span, ReadSpan)
    assert span.parent is None
    with pytest.raises(AttributeError, match="'ReadSpan' object has no attribute 'colour'"):
        _ = span.colour


@pytest.mark.parametrize(
    ("place", "wrong"),
    [
        (0, 99),  # a source that nobody has defined
        (1, "high"),
        (6, 7),  # no parent's fields
        (11, 9),  # no status
        (13, [("event",)]),
        (14, [(1, 2)]),
    ],
)
def test_fields_that_are_no_spans_are_found_at_once(place: int, wrong: Any) -> None:
    fields, attributes, are_json = unpack(body(whole_span()))
    broken = (*fields[:place], wrong, *fields[place + 1 :])
    with pytest.raises((ValueError, KeyError, TypeError, IndexError)):
        decode_span(packed((broken, attributes, are_json)), SOURCES.by_number)


@pytest.mark.parametrize("count", [15, 17])
def test_too_few_or_too_many_fields_are_found_at_once(count: int) -> None:
    fields, attributes, are_json = unpack(body(whole_span()))
    with pytest.raises(ValueError, match="unpack"):
        decode_span(packed(((*fields, 0)[:count], attributes, are_json)), SOURCES.by_number)
