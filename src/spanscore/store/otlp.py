"""OTLP trace requests as spans: what arrives over the network takes the same way as the SDK's own objects."""

import base64
import binascii
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, cast

from google.protobuf.json_format import ParseDict, ParseError
from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1 import trace_pb2
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode, TraceFlags

from spanscore._json import from_json

_ID_KEYS: Final = frozenset({"traceId", "spanId", "parentSpanId", "trace_id", "span_id", "parent_span_id"})
_MAX_DEPTH: Final = 64
_SAMPLED: Final = 0xFF
_KINDS: Final = (
    SpanKind.INTERNAL,
    SpanKind.INTERNAL,
    SpanKind.SERVER,
    SpanKind.CLIENT,
    SpanKind.PRODUCER,
    SpanKind.CONSUMER,
)
_CODES: Final = (StatusCode.UNSET, StatusCode.OK, StatusCode.ERROR)


def decode_protobuf(body: bytes) -> list[ReadableSpan]:
    """The spans of an OTLP/HTTP request in protobuf. Raises ValueError if it is none."""
    request = ExportTraceServiceRequest()
    try:
        request.ParseFromString(body)
    except DecodeError as error:
        raise ValueError(f"the body is no OTLP trace request in protobuf: {error}") from None
    return list(_spans(request))


def decode_json(body: bytes | str) -> list[ReadableSpan]:
    """The spans of an OTLP/HTTP request in JSON, where ids are hexadecimal. Raises ValueError."""
    request = ExportTraceServiceRequest()
    try:
        plain = _with_base64_ids(from_json(body), 0)
        if not isinstance(plain, dict):
            raise TypeError("it is no object")
        ParseDict(cast("dict[str, Any]", plain), request, ignore_unknown_fields=True)
    except (ParseError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"the body is no OTLP trace request in JSON: {error}") from None
    return list(_spans(request))


def _with_base64_ids(value: Any, depth: int) -> Any:
    """The same with ids as protobuf's own JSON has them; keys of attributes stand in `key`."""
    if depth > _MAX_DEPTH:
        raise ValueError(f"nested more than {_MAX_DEPTH} levels deep")
    if isinstance(value, list):
        return [_with_base64_ids(each, depth + 1) for each in cast("list[Any]", value)]
    if not isinstance(value, dict):
        return value
    fields = cast("dict[str, Any]", value).items()
    return {
        key: _base64(each) if key in _ID_KEYS and isinstance(each, str) else _with_base64_ids(each, depth + 1)
        for key, each in fields
    }


def _base64(digits: str) -> str:
    try:
        return base64.b64encode(bytes.fromhex(digits)).decode()
    except (ValueError, binascii.Error):
        raise ValueError(f"{digits!r} is no id in hexadecimal digits") from None


def _spans(request: ExportTraceServiceRequest) -> Iterator[ReadableSpan]:
    for of_resource in request.resource_spans:
        resource = Resource(_attributes(of_resource.resource.attributes))
        for of_scope in of_resource.scope_spans:
            scope = InstrumentationScope(of_scope.scope.name, of_scope.scope.version or None)
            for span in of_scope.spans:
                yield _span(span, resource, scope)


def _span(span: trace_pb2.Span, resource: Resource, scope: InstrumentationScope) -> ReadableSpan:
    parent = _context(span.trace_id, span.parent_span_id, 0) if any(span.parent_span_id) else None
    return ReadableSpan(
        name=span.name,
        context=_context(span.trace_id, span.span_id, span.flags),
        parent=parent,
        resource=resource,
        attributes=_attributes(span.attributes),
        events=[Event(each.name, _attributes(each.attributes), each.time_unix_nano) for each in span.events],
        links=[
            Link(_context(each.trace_id, each.span_id, each.flags), _attributes(each.attributes))
            for each in span.links
        ],
        kind=_KINDS[span.kind] if 0 <= span.kind < len(_KINDS) else SpanKind.INTERNAL,
        status=_status(span.status),
        start_time=span.start_time_unix_nano,
        end_time=span.end_time_unix_nano,
        instrumentation_scope=scope,
    )


def _status(status: trace_pb2.Status) -> Status:
    code = _CODES[status.code] if 0 <= status.code < len(_CODES) else StatusCode.UNSET
    # The SDK takes a description for errors alone.
    return Status(code, status.message if code is StatusCode.ERROR else None)


def _context(trace_id: bytes, span_id: bytes, flags: int) -> SpanContext:
    # Only so many bytes count: an id that is too long must not become a number that no column holds.
    trace, span = int.from_bytes(trace_id[:16], "big"), int.from_bytes(span_id[:8], "big")
    return SpanContext(trace, span, is_remote=True, trace_flags=TraceFlags(flags & _SAMPLED))


def _attributes(pairs: Iterable[KeyValue]) -> dict[str, Any]:
    return {pair.key: _value(pair.value) for pair in pairs}


def _value(value: AnyValue) -> Any:
    kind = value.WhichOneof("value")
    return None if kind is None else _READERS[kind](value)


_READERS: Final[Mapping[str, Callable[[AnyValue], Any]]] = {
    "string_value": lambda value: value.string_value,
    "bool_value": lambda value: value.bool_value,
    "int_value": lambda value: value.int_value,
    "double_value": lambda value: value.double_value,
    "bytes_value": lambda value: value.bytes_value,
    "array_value": lambda value: [_value(each) for each in value.array_value.values],
    "kvlist_value": lambda value: _attributes(value.kvlist_value.values),
}
