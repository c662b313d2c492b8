"""The span processor between a provider and the way to the destinations."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Protocol

from opentelemetry import baggage
from opentelemetry.context import Context
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor
from opentelemetry.trace import TraceFlags

from spanscore._json import JsonText, from_json, to_json
from spanscore.errors import ParentError
from spanscore.tracing._attachment import (
    Active,
    Standing,
    active_processors,
    flattened,
    provider_processors,
    settle,
)
from spanscore.tracing._copy import shipped_copy
from spanscore.tracing._filter import is_ours
from spanscore.tracing._guard import quietly
from spanscore.tracing._left_out import LEFT_OUT
from spanscore.tracing._origin import Origins
from spanscore.tracing._program_provider import program_provider
from spanscore.tracing._scope import parent_in, scope_of
from spanscore.tracing._span import RecordedSpan
from spanscore.wire.attributes import PARENT, SPAN_ATTRIBUTES
from spanscore.wire.parent import Parent
from spanscore.wire.records import Record

_STARTING = quietly("placing a span that starts")
_LOOKING = quietly("looking for other processors of ours")
_ENDING = quietly("taking a finished span")
_FLUSHING = quietly("flushing a processor")
_CLOSING = quietly("shutting a processor down")
_MOST_DOUBLED = 128


class Sink(Protocol):
    """Takes records and sees to it that they arrive."""

    def put(self, record: Record) -> None:
        """Take one record; may wait when too many are waiting already, never drops."""
        ...

    def flush(self, timeout_s: float) -> object:
        """Wait until everything taken so far is safe."""
        ...


class SinkProcessor(SpanProcessor):
    """Places spans that start and passes finished, sampled ones on: ours as they are, copies of others.

    A live span gets `braintrust.parent`, and below a scorer the purpose, when it starts; nothing is written
    to it later. `accepts` None passes everything on. `started` is told of each span that starts.
    `default_parent` is the container of spans that nobody placed. `close` is called when the provider is
    shut down. `also_told` is told of each span that is shipped, while somebody collects spans.
    """

    also_told: ClassVar[Callable[[ReadableSpan], object] | None] = None

    def __init__(  # noqa: PLR0913 - all but the sink may be left out
        self,
        sink: Sink,
        *,
        accepts: Callable[[ReadableSpan], bool] | None = None,
        started: Callable[[Span], None] | None = None,
        default_parent: str | None = None,
        origins: Origins | None = None,
        standing: Standing | None = None,
        close: Callable[[], object] | None = None,
    ) -> None:
        self.standing: Standing = standing or Standing()
        self._sink = sink
        self._close = close
        self._accepts = accepts
        self._started = started
        self._default_parent = default_parent
        self._origins = origins or Origins()
        self._seen: Active | None = None
        self._told_once: OrderedDict[int, list[ReadableSpan]] = OrderedDict()

    def lead_to(
        self, sink: Sink, *, accepts: Callable[[ReadableSpan], bool] | None, origins: Origins
    ) -> None:
        """Pass finished spans to another sink from now on."""
        self._sink = sink
        self._accepts = accepts
        self._origins = origins
        self._seen = None

    def divert(self, instead_of: Callable[[Sink], Sink]) -> None:
        """Pass finished spans to another sink in the place of the one of now."""
        self._sink = instead_of(self._sink)

    @property
    def destinations(self) -> frozenset[str]:
        """The identities of the destinations that it leads to, as far as they are known."""
        return frozenset(getattr(self._sink, "identities", ()))

    def ships(self, span: ReadableSpan) -> bool:
        """True if it would ship this span."""
        return self._accepts is None or self._accepts(span)

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """Write what the span inherits from its context."""
        if self._knows(span):
            return
        with _STARTING:
            active = active_processors(span)
            if active is not self._seen and active is not None:
                self.look_at(active)
            attributes = span.attributes or {}
            if PARENT not in attributes:
                self._place(span, attributes, parent_context)
            if self._started is not None and not self.standing.is_refused:
                self._started(span)

    def _knows(self, span: object) -> bool:
        """True if there is nothing to do for a span of our own provider, as for nearly all of them."""
        return (
            type(span) is RecordedSpan
            and span._tracer.processors is self._seen  # pyright: ignore[reportPrivateUsage] - our own
            and PARENT in span._attributes  # pyright: ignore[reportPrivateUsage]
            and self._started is None
        )

    def _place(self, span: Span, attributes: Mapping[str, Any], context: Context | None) -> None:
        scope = scope_of(context)
        parent = scope.parent or _parent_in_baggage(context) or parent_in(context)
        if parent is None and not self.standing.is_refused:
            parent = self._default_parent
        if parent is not None:
            span.set_attribute(PARENT, parent)
        if scope.purpose is not None:
            described = _with_purpose(attributes.get(SPAN_ATTRIBUTES), scope.purpose)
            span.set_attribute(SPAN_ATTRIBUTES, described)

    def on_end(self, span: ReadableSpan) -> None:
        """Pass the span on unless it is unsampled, filtered or another's to ship."""
        with _ENDING:
            context = span.get_span_context()
            if context is None or not context.trace_flags & TraceFlags.SAMPLED:
                LEFT_OUT.add("unsampled")
                return
            if self._seen is None:
                # Its start was before this processor's time. Only the global provider can be asked then.
                self.look_at(provider_processors(program_provider()))
            if not self.standing.is_alone and self._is_shipped_otherwise(span):
                return
            if self._accepts is None or self._accepts(span):
                if SinkProcessor.also_told is not None:
                    SinkProcessor.also_told(span)
                self._sink.put(span if is_ours(span) else shipped_copy(span, context, self._origins))
            else:
                LEFT_OUT.add("filtered")

    def look_at(self, active: Active) -> None:
        """Find out which of our processors among those of a provider ships what."""
        self._seen = active
        with _LOOKING:
            settle([one for one in flattened(active) if isinstance(one, SinkProcessor)])

    def _is_shipped_otherwise(self, span: ReadableSpan) -> bool:
        standing = self.standing
        if standing.is_refused or (standing.leaves is not None and standing.leaves(span)):
            return True
        return standing.is_doubled and self._was_told_already(span)

    def _was_told_already(self, span: ReadableSpan) -> bool:
        # The span is kept, so that its number is not given to another meanwhile.
        told = [span]
        if self._told_once.setdefault(id(span), told) is not told:
            self._told_once.pop(id(span), None)
            return True
        if len(self._told_once) > _MOST_DOUBLED:
            self._told_once.popitem(last=False)
        return False

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        """Wait until the finished spans are safe; False if that takes longer than the timeout."""
        with _FLUSHING:
            return bool(self._sink.flush(timeout_millis / 1000))
        return False

    def shutdown(self) -> None:
        """Let go of what is this processor's alone; spans that end later are passed on all the same."""
        with _CLOSING:
            if self._close is not None:
                self._close()


def _parent_in_baggage(context: Context | None) -> str | None:
    """The container that another process has put into its baggage, if it is one."""
    text = baggage.get_baggage(PARENT, context)
    if not isinstance(text, str):
        return None
    try:
        return str(Parent.parse(text))
    except ParentError:
        return None


def _with_purpose(span_attributes: object, purpose: str) -> JsonText:
    described = {"purpose": purpose}
    if isinstance(span_attributes, str):
        described = {**from_json(span_attributes), **described}
    return to_json(described)
