"""Records as bytes and back."""

# pyright: reportPrivateUsage=false

from collections.abc import Mapping
from typing import Any, Final

from opentelemetry.sdk import trace as sdk_trace
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import (
    DEFAULT_TRACE_STATE,
    Link,
    SpanContext,
)

from spanscore._json import JsonText
from spanscore.delivery._messagepack import packed, unpack
from spanscore.delivery._parts import LONG, MOST_PARTS, Parts, divided, in_parts
from spanscore.delivery._read_span import ReadSpan
from spanscore.delivery._sources import Source
from spanscore.tracing import RecordedSpan
from spanscore.wire.attributes import INPUT_JSON, OUTPUT_JSON
from spanscore.wire.records import FinishedSpan, RowUpdate

_LOW: Final = (1 << 64) - 1
_NONE_DROPPED: Final = (0, 0, 0)
_KNOWN: Final = frozenset({RecordedSpan, FinishedSpan, ReadSpan, sdk_trace._Span})


def encode_span(span: ReadableSpan, source: int) -> Parts:
    """The frame body of a finished span; `source` is the number of its resource and scope. Never raises.

    Long texts are parts of their own, so that they are copied as seldom as can be.
    """
    # Of classes we know the fields themselves: properties copy, for readers that may come before the end.
    own = span if type(span) in _KNOWN else _finished(span)
    context, parent, status = own._context, own._parent, own._status
    assert context is not None
    attributes = _plain(own._attributes)
    events, links = own._events, own._links
    trace_id = context.trace_id
    fields = (
        source,
        trace_id >> 64,
        trace_id & _LOW,
        context.span_id,
        context.trace_flags,
        _state(context),
        parent and (parent.span_id, parent.trace_flags, parent.is_remote, _state(parent)),
        own._name,
        own._kind._value_,
        own._start_time,
        own._end_time,
        status.status_code._value_,
        status.description,
        [_event(event) for event in events] if events else (),
        [_link(link) for link in links] if links else (),
        _NONE_DROPPED if _is_whole(own) else (own.dropped_attributes, own.dropped_events, own.dropped_links),
    )
    if _is_long(attributes.get(INPUT_JSON)) or _is_long(attributes.get(OUTPUT_JSON)):
        return _with_long_apart(fields, attributes)
    return (packed((fields, attributes, [type(value) is JsonText for value in attributes.values()])),)


def decode_span(data: bytes, sources: Mapping[int, Source], *, is_in_parts: bool = False) -> FinishedSpan:
    """The span of a frame body."""
    body, long = divided(data) if is_in_parts else (data, [])
    fields, attributes, are_json = unpack(body)
    # Two keys that are no valid text may have become one: then what is JSON counts as text.
    for key, is_json in zip(attributes, are_json, strict=True) if len(attributes) == len(are_json) else ():
        if is_json:
            value = attributes[key]
            attributes[key] = JsonText(value) if type(value) is str else JsonText(long[int(value)], "utf-8")
    return ReadSpan(fields, attributes, sources)


def encode_update(update: RowUpdate) -> bytes:
    """The frame body of a row update."""
    trace_id = update.trace_id
    return packed((update.parent, trace_id >> 64, trace_id & _LOW, update.span_id, update.fields))


def decode_update(body: bytes) -> RowUpdate:
    """The row update of a frame body."""
    parent, high, low, span_id, fields = unpack(body)
    texts = {field: JsonText(text) for field, text in fields.items()}
    return RowUpdate(parent=parent, trace_id=high << 64 | low, span_id=span_id, fields=texts)


def _plain(attributes: Any) -> dict[str, Any]:
    # Of the SDK's own a copy, which is far cheaper than reading its locked mapping key by key.
    return attributes if issubclass(type(attributes), dict) else attributes.copy() if attributes else {}


def _is_whole(span: ReadableSpan) -> bool:
    """True for a span of ours that the limits have cost nothing, as nearly all are."""
    is_recorded = type(span) is RecordedSpan and not span._dropped_attributes
    return is_recorded and type(span._events) in (tuple, list) and type(span._links) is tuple


def _is_long(value: object) -> bool:
    return type(value) is JsonText and len(value) >= LONG


def _with_long_apart(fields: tuple[Any, ...], attributes: Mapping[str, Any]) -> Parts:
    """The body with the number of its part in the place of each long JSON text, and these parts."""
    kept = dict(attributes)
    long: list[bytes] = []
    for key, value in attributes.items():
        if _is_long(value) and len(long) < MOST_PARTS:
            kept[key] = len(long)
            long.append(value.encode("utf-8", "backslashreplace"))
    body = packed((fields, kept, [type(value) is JsonText for value in attributes.values()]))
    return in_parts(body, long) if long else (body,)


def _finished(span: ReadableSpan) -> FinishedSpan:
    """A span of another class as one of ours."""
    context = span.get_span_context()
    assert context is not None
    return FinishedSpan(
        name=span.name,
        context=context,
        parent=span.parent,
        resource=span.resource,
        scope=span.instrumentation_scope or InstrumentationScope(""),
        # A copy is far cheaper than reading the SDK's locked mapping key by key.
        attributes=span.attributes.copy() if span.attributes else {},  # pyright: ignore[reportAttributeAccessIssue, reportUnknownArgumentType, reportUnknownMemberType]
        kind=span.kind,
        events=span.events,
        links=span.links,
        status=span.status,
        start_time=span.start_time,
        end_time=span.end_time,
        dropped=(span.dropped_attributes, span.dropped_events, span.dropped_links),
    )


def _state(context: SpanContext) -> str | None:
    state = context.trace_state
    return None if state is DEFAULT_TRACE_STATE or not state else state.to_header()


def _event(event: Event) -> tuple[Any, ...]:
    attributes = dict(event.attributes or {})
    return event.name, event.timestamp, attributes, event.dropped_attributes


def _link(link: Link) -> tuple[Any, ...]:
    context = link.context
    halves = context.trace_id >> 64, context.trace_id & _LOW
    attributes = dict(link.attributes or {})
    dropped = getattr(link, "dropped_attributes", 0)
    return (
        *halves,
        context.span_id,
        context.trace_flags,
        context.is_remote,
        _state(context),
        attributes,
        dropped,
    )
