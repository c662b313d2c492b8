"""The identity of a span that starts here."""

from collections.abc import Callable
from typing import Any

from opentelemetry.trace import DEFAULT_TRACE_STATE, SpanContext, TraceFlags, TraceState

_TRACE_IDS = 1 << 128
_SPAN_IDS = 1 << 64
_new: Callable[..., SpanContext] = getattr(tuple, "__new__")  # noqa: B009 - its own type is partly unknown


def local_identity(trace_id: int, span_id: int, flags: TraceFlags, state: TraceState | None) -> SpanContext:
    """`SpanContext(trace_id, span_id, is_remote=False, …)`, made past its constructor in half the time."""
    if state is None:
        state = DEFAULT_TRACE_STATE
    is_valid = 0 < trace_id < _TRACE_IDS and 0 < span_id < _SPAN_IDS
    return _new(SpanContext, (trace_id, span_id, False, flags, state, is_valid))


def _checked_identity(
    trace_id: int, span_id: int, flags: TraceFlags, state: TraceState | None
) -> SpanContext:
    return SpanContext(trace_id, span_id, is_remote=False, trace_flags=flags, trace_state=state)


def _is_laid_out_as_known() -> bool:
    checked: Any = _checked_identity(3, 2, TraceFlags(1), None)
    laid_out = (3, 2, False, TraceFlags(1), DEFAULT_TRACE_STATE, True)
    return isinstance(checked, tuple) and not vars(checked) and checked == laid_out


if not _is_laid_out_as_known():
    # An OpenTelemetry that keeps it in another form.
    local_identity = _checked_identity
