"""Finished spans as OTLP trace requests in protobuf, made by joining bytes.

The official encoder builds a message object for every value and serializes the tree; joining bytes gives
the same request for a fraction of the time. A request is a repeated field of resources, which have repeated
fields of scopes, which have repeated fields of spans: what is of one resource and scope is written once.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanContext, Status
from opentelemetry.trace.span import TraceState

from spanscore.delivery._otlp_values import encode_attributes, text
from spanscore.delivery._protobuf import BYTES, FIXED32, FIXED64, VARINT, block, fixed64, tag, uint32, varint

_FIRST, _SECOND, _THIRD = tag(1, BYTES), tag(2, BYTES), tag(3, BYTES)
_TRACE_ID: Final = _FIRST + varint(16)
_SPAN_ID: Final = _SECOND + varint(8)
_TRACE_STATE: Final = _THIRD
_PARENT_ID: Final = tag(4, BYTES) + varint(8)
_NAME: Final = tag(5, BYTES)
_KIND: Final = tag(6, VARINT)
_START, _END = tag(7, FIXED64), tag(8, FIXED64)
_ATTRIBUTES, _DROPPED_ATTRIBUTES = tag(9, BYTES), tag(10, VARINT)
_EVENTS, _DROPPED_EVENTS = tag(11, BYTES), tag(12, VARINT)
_LINKS, _DROPPED_LINKS = tag(13, BYTES), tag(14, VARINT)
_STATUS, _STATUS_MESSAGE, _STATUS_CODE = tag(15, BYTES), _SECOND, tag(3, VARINT)
_NO_STATUS: Final = _STATUS + varint(0)
_EVENT_TIME, _EVENT_DROPPED = tag(1, FIXED64), tag(4, VARINT)
_LINK_ATTRIBUTES, _LINK_DROPPED, _LINK_FLAGS = tag(4, BYTES), tag(5, VARINT), tag(6, FIXED32)
_IS_REMOTE_KNOWN, _IS_REMOTE = 0x100, 0x200
_LOCAL_FLAGS: Final = tag(16, FIXED32) + _IS_REMOTE_KNOWN.to_bytes(4, "little")
_REMOTE_FLAGS: Final = tag(16, FIXED32) + (_IS_REMOTE_KNOWN | _IS_REMOTE).to_bytes(4, "little")
_LOCAL_LINK: Final = _LINK_FLAGS + _IS_REMOTE_KNOWN.to_bytes(4, "little")
_REMOTE_LINK: Final = _LINK_FLAGS + (_IS_REMOTE_KNOWN | _IS_REMOTE).to_bytes(4, "little")
_LENGTHS: Final = 32
"""More than the tags and lengths around one span, its scope and its resource take."""


@dataclass(frozen=True, slots=True)
class TraceRequest:
    """The body of one request and how many spans are in it."""

    body: bytes
    spans: int


def encode_spans(spans: Iterable[ReadableSpan]) -> bytes:
    """The spans as one ExportTraceServiceRequest."""
    batch = _Batch()
    for span in spans:
        batch.add(*batch.envelope(span), encode_span(span))
    return batch.body()


def encode_requests(spans: Iterable[ReadableSpan], max_bytes: int) -> Iterator[TraceRequest]:
    """The spans as requests of at most `max_bytes` each, in order; a span that is larger comes alone."""
    batch = _Batch()
    for span in spans:
        encoded = encode_span(span)
        resource, scope = batch.envelope(span)
        if batch.spans and batch.size + batch.growth(resource, scope, encoded) > max_bytes:
            yield TraceRequest(batch.body(), batch.spans)
            batch = _Batch()
            resource, scope = batch.envelope(span)
        batch.add(resource, scope, encoded)
    if batch.spans:
        yield TraceRequest(batch.body(), batch.spans)


class _Batch:
    """The spans of one request by resource and scope; both are encoded once for each object that is met."""

    def __init__(self) -> None:
        self._groups: dict[tuple[bytes, bytes], dict[tuple[bytes, bytes], list[bytes]]] = {}
        # By identity, with the object itself, so that the number stays its own.
        self._seen: dict[int, tuple[Any, tuple[bytes, bytes]]] = {}
        self.spans = 0
        self.size = 0

    def envelope(self, span: ReadableSpan) -> tuple[tuple[bytes, bytes], tuple[bytes, bytes]]:
        """What stands before and after the spans of the same resource, and of the same scope."""
        return self._once(span.resource), self._once(span.instrumentation_scope)

    def _once(self, value: Resource | InstrumentationScope | None) -> tuple[bytes, bytes]:
        found = self._seen.get(id(value))
        if found is None:
            encoded = _resource(value) if isinstance(value, Resource) else _scope(value)
            self._seen[id(value)] = found = value, encoded
        return found[1]

    def growth(self, resource: tuple[bytes, bytes], scope: tuple[bytes, bytes], span: bytes) -> int:
        """At most how many bytes `add` would add."""
        size = len(span) + _LENGTHS
        scopes = self._groups.get(resource)
        if scopes is None:
            return size + sum(map(len, (*resource, *scope)))
        return size if scope in scopes else size + sum(map(len, scope))

    def add(self, resource: tuple[bytes, bytes], scope: tuple[bytes, bytes], span: bytes) -> None:
        self.size += self.growth(resource, scope, span)
        self.spans += 1
        spans = self._groups.setdefault(resource, {}).setdefault(scope, [])
        spans += (_SECOND, varint(len(span)), span)

    def body(self) -> bytes:
        parts: list[bytes] = []
        for (before, after), scopes in self._groups.items():
            inner: list[bytes] = [before]
            for (head, tail), spans in scopes.items():
                size = len(head) + sum(map(len, spans)) + len(tail)
                inner += (_SECOND, varint(size), head, *spans, tail)
            inner.append(after)
            parts += (_FIRST, varint(sum(map(len, inner))), *inner)
        return b"".join(parts)


def _resource(resource: Resource) -> tuple[bytes, bytes]:
    encoded = block(_FIRST, encode_attributes(_FIRST, resource.attributes))
    return encoded, _schema(resource.schema_url)


def _scope(scope: InstrumentationScope | None) -> tuple[bytes, bytes]:
    if scope is None:
        return block(_FIRST, b""), b""
    version = block(_SECOND, text(scope.version)) if scope.version else b""
    named = block(_FIRST, text(scope.name)) + version
    return block(_FIRST, named + encode_attributes(_THIRD, scope.attributes)), _schema(scope.schema_url)


def _schema(url: str | None) -> bytes:
    return block(_THIRD, text(url)) if url else b""


def encode_span(span: ReadableSpan) -> bytes:
    """One span as an OTLP Span message."""
    context = span.get_span_context()
    if context is None:
        raise ValueError(f"the span {span.name!r} has no trace and span id")
    parent = span.parent
    parts = [
        _TRACE_ID,
        context.trace_id.to_bytes(16, "big"),
        _SPAN_ID,
        context.span_id.to_bytes(8, "big"),
        _trace_state(context.trace_state),
        _PARENT_ID + parent.span_id.to_bytes(8, "big") if parent else b"",
        block(_NAME, text(span.name)),
        _KIND,
        varint(span.kind.value + 1),
        fixed64(_START, span.start_time or 0),
        fixed64(_END, span.end_time or 0),
        encode_attributes(_ATTRIBUTES, span.attributes),
        _events(span.events),
        _links(span.links),
        _status(span.status),
        _dropped(span),
        _REMOTE_FLAGS if parent and parent.is_remote else _LOCAL_FLAGS,
    ]
    return b"".join(parts)


def _trace_state(state: TraceState | None) -> bytes:
    if not state:
        return b""
    return block(_TRACE_STATE, text(",".join([f"{key}={value}" for key, value in state.items()])))


def _dropped(span: ReadableSpan) -> bytes:
    counts = (
        (_DROPPED_ATTRIBUTES, span.dropped_attributes),
        (_DROPPED_EVENTS, span.dropped_events),
        (_DROPPED_LINKS, span.dropped_links),
    )
    return b"".join([uint32(before, count) for before, count in counts if count])


def _events(events: Sequence[Event]) -> bytes:
    return b"".join([block(_EVENTS, _event(event)) for event in events]) if events else b""


def _event(event: Event) -> bytes:
    dropped = event.dropped_attributes
    return b"".join(
        (
            fixed64(_EVENT_TIME, event.timestamp or 0),
            block(_SECOND, text(event.name)),
            encode_attributes(_THIRD, event.attributes),
            uint32(_EVENT_DROPPED, dropped) if dropped else b"",
        )
    )


def _links(links: Sequence[Link]) -> bytes:
    return b"".join([block(_LINKS, _link(link)) for link in links]) if links else b""


def _link(link: Link) -> bytes:
    context: SpanContext = link.context
    dropped = link.dropped_attributes
    return b"".join(
        (
            _TRACE_ID,
            context.trace_id.to_bytes(16, "big"),
            _SPAN_ID,
            context.span_id.to_bytes(8, "big"),
            _trace_state(context.trace_state),
            encode_attributes(_LINK_ATTRIBUTES, link.attributes),
            uint32(_LINK_DROPPED, dropped) if dropped else b"",
            _REMOTE_LINK if context.is_remote else _LOCAL_LINK,
        )
    )


def _status(status: Status | None) -> bytes:
    if status is None:
        return b""
    code = status.status_code.value
    if not code and not status.description:
        return _NO_STATUS
    message = block(_STATUS_MESSAGE, text(status.description)) if status.description else b""
    return block(_STATUS, message + (_STATUS_CODE + varint(code) if code else b""))
