"""The span: provider and span objects, the handle, `@traced`, context and propagation."""

from typing import TYPE_CHECKING, Any

from spanscore.tracing._attachment import Standing, add_processor, is_sdk_disabled, say_that_nothing_arrives
from spanscore.tracing._carrier import headers_of
from spanscore.tracing._containers import (
    CURRENT_EXPERIMENT,
    CURRENT_LOGGER,
    Container,
    Current,
    default_parent,
)
from spanscore.tracing._filter import CustomFilter, KeepRoots, SpanFilter, is_ai_span, is_ours
from spanscore.tracing._given_ids import GivenIds
from spanscore.tracing._guard import guard, quietly
from spanscore.tracing._handle import NOOP_SPAN, UNSET, Span, current_span
from spanscore.tracing._ids import OsRandomIdGenerator
from spanscore.tracing._late import send_feedback, send_late, span_number
from spanscore.tracing._left_out import LEFT_OUT
from spanscore.tracing._limits import PlainAttributes
from spanscore.tracing._open import (
    SpanTemplate,
    attribute_budget,
    captures_all,
    captures_messages,
    estimates_cost,
    is_recording,
    media_limit,
    open_span,
    record_error,
    span_attributes_json,
    tracer,
)
from spanscore.tracing._origin import Origins
from spanscore.tracing._processor import Sink, SinkProcessor
from spanscore.tracing._program_provider import program_provider
from spanscore.tracing._provider import TracerProvider
from spanscore.tracing._recording import RECORDING, budget_of
from spanscore.tracing._remote import RemoteParent, read_remote
from spanscore.tracing._scope import Scope, attach, context_with, current_context, scope_of
from spanscore.tracing._scores import checked_scores
from spanscore.tracing._span import RecordedSpan
from spanscore.tracing._start import context_below, start_span, start_span_as
from spanscore.tracing._traced import traced
from spanscore.tracing._types import SpanTypeAttribute
from spanscore.tracing._w3c import SpanscorePropagator, inject_context

if TYPE_CHECKING:
    from spanscore.tracing._collector import COLLECTOR as COLLECTOR
    from spanscore.tracing._collector import Collected as Collected

__all__ = [
    "COLLECTOR",
    "CURRENT_EXPERIMENT",
    "CURRENT_LOGGER",
    "LEFT_OUT",
    "NOOP_SPAN",
    "RECORDING",
    "UNSET",
    "Collected",
    "Container",
    "Current",
    "CustomFilter",
    "GivenIds",
    "KeepRoots",
    "Origins",
    "OsRandomIdGenerator",
    "PlainAttributes",
    "RecordedSpan",
    "RemoteParent",
    "Scope",
    "Sink",
    "SinkProcessor",
    "Span",
    "SpanFilter",
    "SpanTemplate",
    "SpanTypeAttribute",
    "SpanscorePropagator",
    "Standing",
    "TracerProvider",
    "add_processor",
    "attach",
    "attribute_budget",
    "budget_of",
    "captures_all",
    "captures_messages",
    "checked_scores",
    "context_below",
    "context_with",
    "current_context",
    "current_span",
    "default_parent",
    "estimates_cost",
    "guard",
    "headers_of",
    "inject_context",
    "is_ai_span",
    "is_ours",
    "is_recording",
    "is_sdk_disabled",
    "media_limit",
    "open_span",
    "program_provider",
    "quietly",
    "read_remote",
    "record_error",
    "say_that_nothing_arrives",
    "scope_of",
    "send_feedback",
    "send_late",
    "span_attributes_json",
    "span_number",
    "start_span",
    "start_span_as",
    "traced",
    "tracer",
]


def __getattr__(name: str) -> Any:
    # Only evals collect spans, and a program that traces need not load it.
    if name not in ("COLLECTOR", "Collected"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from spanscore.tracing import _collector  # noqa: PLC0415

    return getattr(_collector, name)
