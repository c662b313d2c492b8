"""Records as bytes and back."""

# pyright: reportPrivateUsage=false

from collections.abc import Mapping
from typing import Any, Final, cast

from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.trace import (
    DEFAULT_TRACE_STATE,
    Link,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    TraceState,
)

from spanscore._json import JsonText
from spanscore.delivery._messagepack import packed, unpack
from spanscore.delivery._sources import Source
from spanscore.tracing import RecordedSpan
from spanscore.wire.records import FinishedSpan, RowUpdate

_LOW: Final = (1 << 64) - 1
_KINDS: Final = {kind.value: kind for kind in SpanKind}
_CODES: Final = {code.value: code for code in StatusCode}
_UNSET: Final = Status(StatusCode.UNSET)
_FLAGS: Final = tuple(TraceFlags(flags) for flags in range(256))


def encode_span(span: ReadableSpan, source: int) -> bytes:
    """The frame body of a finished span; `source` is the number of its resource and scope. Never raises."""
    own = type(span) is RecordedSpan
    # On our own spans the fields themselves: the properties copy, for readers that may come before the end.
    context = span._context if own else span.get_span_context()
    parent = span._parent if own else span.parent
    attributes: Any = span._attributes if own else _copied(span.attributes)
    events = span._events if own else span.events
    links = span._links if own else span.links
    status = span._status if own else span.status
    assert context is not None
    trace_id = context.trace_id
    return packed(
        (
            source,
            trace_id >> 64,
            trace_id & _LOW,
            context.span_id,
            context.trace_flags,
            _state(context),
            parent and (parent.span_id, parent.trace_flags, parent.is_remote, _state(parent)),
            span._name if own else span.name,
            (span._kind if own else span.kind)._value_,
            span._start_time if own else span.start_time,
            span._end_time if own else span.end_time,
            status.status_code._value_,
            status.description,
            attributes,
            [type(value) is JsonText for value in attributes.values()],
            [_event(event) for event in events] if events else (),
            [_link(link) for link in links] if links else (),
            (
                span.dropped_attributes,
                span.dropped_events if events else 0,
                span.dropped_links if links else 0,
            ),
        )
    )


def decode_span(body: bytes, sources: Mapping[int, Source]) -> FinishedSpan:
    """The span of a frame body."""
    fields = unpack(body)
    (number, high, low, span_id, flags, state, above, name, kind, start, end, code, description) = fields[:13]
    attributes, are_json, events, links, dropped = fields[13:]
    # Two keys that are no valid text may have become one: then what is JSON counts as text.
    for key, is_json in zip(attributes, are_json, strict=True) if len(attributes) == len(are_json) else ():
        if is_json:
            attributes[key] = JsonText(attributes[key])
    trace_id = high << 64 | low
    source = sources[number]
    return FinishedSpan(
        name=name,
        context=_context(trace_id, span_id, flags, state, is_remote=False),
        parent=None if above is None else _parent(trace_id, *above),
        resource=source.resource,
        scope=source.scope,
        attributes=attributes,
        kind=_KINDS.get(kind, SpanKind.INTERNAL),
        events=[_decoded_event(*event) for event in events],
        links=[_decoded_link(*link) for link in links],
        status=_UNSET if code == 0 else Status(_CODES[code], description),
        start_time=start,
        end_time=end,
        dropped=dropped,
    )


def encode_update(update: RowUpdate) -> bytes:
    """The frame body of a row update."""
    trace_id = update.trace_id
    return packed((update.parent, trace_id >> 64, trace_id & _LOW, update.span_id, update.fields))


def decode_update(body: bytes) -> RowUpdate:
    """The row update of a frame body."""
    parent, high, low, span_id, fields = unpack(body)
    texts = {field: JsonText(text) for field, text in fields.items()}
    return RowUpdate(parent=parent, trace_id=high << 64 | low, span_id=span_id, fields=texts)


def _copied(attributes: Mapping[str, Any] | None) -> dict[str, Any]:
    # A copy is far cheaper than reading the SDK's locked mapping key by key.
    return attributes.copy() if attributes else {}  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]


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


def _context(trace_id: int, span_id: int, flags: int, state: str | None, *, is_remote: bool) -> SpanContext:
    trace_state = TraceState.from_header([state]) if state else None
    return SpanContext(trace_id, span_id, is_remote, _FLAGS[flags & 0xFF], trace_state)


def _parent(trace_id: int, span_id: int, flags: int, is_remote: bool, state: str | None) -> SpanContext:  # noqa: FBT001 - as it was packed
    return _context(trace_id, span_id, flags, state, is_remote=is_remote)


class _ReadEvent(Event):
    """An event read back, with what its limits had cost."""

    def __init__(self, name: str, time_ns: int, attributes: Mapping[str, Any], dropped: int) -> None:
        super().__init__(name, None, time_ns)
        self._read = attributes
        self._dropped = dropped

    @property
    def attributes(self) -> Mapping[str, Any]:
        return self._read

    @property
    def dropped_attributes(self) -> int:
        return self._dropped


class _ReadLink(Link):
    """A link read back, with what its limits had cost."""

    def __init__(self, context: SpanContext, attributes: Mapping[str, Any], dropped: int) -> None:
        super().__init__(context, attributes)
        self._dropped = dropped

    @property
    def dropped_attributes(self) -> int:
        return self._dropped


def _decoded_event(name: str, time_ns: int, attributes: Mapping[str, Any], dropped: int) -> Event:
    return _ReadEvent(name, time_ns, attributes, dropped)


def _decoded_link(high: int, low: int, span_id: int, flags: int, *rest: Any) -> Link:
    is_remote, state, attributes, dropped = cast("tuple[bool, str | None, dict[str, Any], int]", rest)
    context = _context(high << 64 | low, span_id, flags, state, is_remote=is_remote)
    return _ReadLink(context, attributes, dropped)
