"""The headers `traceparent` and `tracestate` of W3C Trace Context."""

import re
from typing import Final

from opentelemetry.trace import SpanContext, TraceFlags, TraceState

TRACEPARENT: Final = "traceparent"
TRACESTATE: Final = "tracestate"

_FORM = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?", re.DOTALL)
_MAX_TRACEPARENT = 512
_MAX_TRACESTATE = 8192
_SENDABLE = re.compile(r"[\x20-\x7e\t]*")


def parse_traceparent(text: str, state: TraceState | None = None) -> SpanContext | None:
    """The span that a `traceparent` names, with `state`; None if the header is malformed.

    A version to come is read like version 00, as W3C asks.
    """
    match = _FORM.fullmatch(text.strip(" \t")) if len(text) <= _MAX_TRACEPARENT else None
    if match is None or match[1] == "ff" or (match[1] == "00" and match[5] is not None):
        return None
    trace_id, span_id = int(match[2], 16), int(match[3], 16)
    if not trace_id or not span_id:
        return None
    flags = TraceFlags(int(match[4], 16))
    return SpanContext(trace_id, span_id, is_remote=True, trace_flags=flags, trace_state=state)


def format_traceparent(span: SpanContext) -> str:
    """The `traceparent` that names a span."""
    return f"00-{span.trace_id:032x}-{span.span_id:016x}-{span.trace_flags & 0xFF:02x}"


def sendable_tracestate(values: list[str]) -> str:
    """The `tracestate` of a request, several headers joined; "" if it could not be sent on as it is."""
    text = ",".join(values).strip(" \t")
    return text if len(text) <= _MAX_TRACESTATE and _SENDABLE.fullmatch(text) else ""
