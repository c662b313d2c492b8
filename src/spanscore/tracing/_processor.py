"""The span processor between a provider and the way to the destinations."""

from collections.abc import Callable
from typing import Protocol

from opentelemetry.context import Context
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor

from spanscore._json import JsonText, from_json, to_json
from spanscore.tracing._guard import quietly
from spanscore.tracing._scope import parent_in, scope_of
from spanscore.wire.attributes import PARENT, SPAN_ATTRIBUTES
from spanscore.wire.records import Record

_STARTING = quietly("placing a span that starts")
_ENDING = quietly("taking a finished span")


class Sink(Protocol):
    """Takes records and sees to it that they arrive."""

    def put(self, record: Record) -> None:
        """Take one record; may wait when too many are waiting already, never drops."""
        ...

    def flush(self, timeout_s: float) -> object:
        """Wait until everything taken so far is safe."""
        ...


class SpanscoreSpanProcessor(SpanProcessor):
    """Places spans that start and passes finished, sampled ones on.

    A live span gets `braintrust.parent`, and below a scorer the purpose, when it starts; nothing is written
    to it later.
    """

    def __init__(self, sink: Sink, *, accepts: Callable[[ReadableSpan], bool] | None = None) -> None:
        self._sink = sink
        self._accepts = accepts

    def lead_to(self, sink: Sink) -> None:
        """Pass finished spans to another sink from now on."""
        self._sink = sink

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """Write what the span inherits from its context."""
        with _STARTING:
            attributes = span.attributes or {}
            if PARENT not in attributes:
                parent = parent_in(parent_context)
                if parent is not None:
                    span.set_attribute(PARENT, parent)
                purpose = scope_of(parent_context).purpose
                if purpose is not None:
                    described = _with_purpose(attributes.get(SPAN_ATTRIBUTES), purpose)
                    span.set_attribute(SPAN_ATTRIBUTES, described)

    def on_end(self, span: ReadableSpan) -> None:
        """Pass the span on unless it is unsampled or filtered."""
        with _ENDING:
            context = span.get_span_context()
            if context is None or not context.trace_flags.sampled:
                return
            if self._accepts is None or self._accepts(span):
                self._sink.put(span)

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        """Wait until the finished spans are safe; False if that takes longer than the timeout."""
        return bool(self._sink.flush(timeout_millis / 1000))


def _with_purpose(span_attributes: object, purpose: str) -> JsonText:
    described = {"purpose": purpose}
    if isinstance(span_attributes, str):
        described = {**from_json(span_attributes), **described}
    return to_json(described)
