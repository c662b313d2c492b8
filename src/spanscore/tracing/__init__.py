"""The span: provider and span objects, the handle, `@traced`, context and propagation."""

from spanscore.tracing._carrier import headers_of
from spanscore.tracing._containers import (
    CURRENT_EXPERIMENT,
    CURRENT_LOGGER,
    Container,
    Current,
    default_parent,
)
from spanscore.tracing._filter import is_ai_span, is_ours
from spanscore.tracing._guard import guard, quietly
from spanscore.tracing._handle import NOOP_SPAN, UNSET, Span, context_below, current_span, start_span
from spanscore.tracing._ids import OsRandomIdGenerator
from spanscore.tracing._open import (
    SpanTemplate,
    attribute_budget,
    is_recording,
    open_span,
    record_error,
    span_attributes_json,
    tracer,
)
from spanscore.tracing._processor import Sink, SpanscoreSpanProcessor
from spanscore.tracing._provider import TracerProvider
from spanscore.tracing._recording import RECORDING, program_provider
from spanscore.tracing._remote import RemoteParent, read_remote
from spanscore.tracing._scope import Scope, context_with, scope_of
from spanscore.tracing._span import RecordedSpan
from spanscore.tracing._traced import traced
from spanscore.tracing._types import SpanTypeAttribute
from spanscore.tracing._w3c import SpanscorePropagator, inject_context

__all__ = [
    "CURRENT_EXPERIMENT",
    "CURRENT_LOGGER",
    "NOOP_SPAN",
    "RECORDING",
    "UNSET",
    "Container",
    "Current",
    "OsRandomIdGenerator",
    "RecordedSpan",
    "RemoteParent",
    "Scope",
    "Sink",
    "Span",
    "SpanTemplate",
    "SpanTypeAttribute",
    "SpanscorePropagator",
    "SpanscoreSpanProcessor",
    "TracerProvider",
    "attribute_budget",
    "context_below",
    "context_with",
    "current_span",
    "default_parent",
    "guard",
    "headers_of",
    "inject_context",
    "is_ai_span",
    "is_ours",
    "is_recording",
    "open_span",
    "program_provider",
    "quietly",
    "read_remote",
    "record_error",
    "scope_of",
    "span_attributes_json",
    "start_span",
    "traced",
    "tracer",
]
