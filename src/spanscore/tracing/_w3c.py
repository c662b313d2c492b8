"""The propagator: the current span, its container and the baggage of others, from and to headers."""

from typing import Any

from opentelemetry import baggage, trace
from opentelemetry import context as otel_context
from opentelemetry.context import Context
from opentelemetry.propagators.textmap import (
    CarrierT,
    Getter,
    Setter,
    TextMapPropagator,
    default_getter,
    default_setter,
)
from opentelemetry.trace import SpanContext

from spanscore.tracing._baggage import BAGGAGE, Member, join_members, make_member, read_members
from spanscore.tracing._baggage_relay import relayed
from spanscore.tracing._carrier import erase_header, read_header, write_header
from spanscore.tracing._containers import default_parent
from spanscore.tracing._guard import quietly
from spanscore.tracing._recording import RECORDING
from spanscore.tracing._remote import container_of, is_sendable, read_remote, received_in
from spanscore.tracing._scope import scope_of
from spanscore.tracing._traceparent import TRACEPARENT, TRACESTATE, format_traceparent
from spanscore.wire.attributes import PARENT
from spanscore.wire.parent import Parent

_EXTRACTING = quietly("reading the trace context of a request")
_INJECTING = quietly("writing the trace context of a request")


class SpanscorePropagator(TextMapPropagator):
    """Propagates traces by W3C Trace Context and W3C Baggage, with the container in `braintrust.parent`.

    It does the work of OpenTelemetry's two default propagators, to the letter of the standards: baggage and
    `tracestate` of other vendors go on byte for byte, names of headers may have any case. Make it the
    program's with `opentelemetry.propagate.set_global_textmap`, or by `OTEL_PROPAGATORS=spanscore`.

    Whoever can send requests can name a container in them. `trust_parent=False` keeps the traces of requests
    but puts their spans where this process puts its own.

    >>> from opentelemetry import propagate
    >>> from spanscore import SpanscorePropagator
    >>> propagate.set_global_textmap(SpanscorePropagator())
    """

    def __init__(self, *, trust_parent: bool = True) -> None:
        self._trust_parent = trust_parent

    def extract(
        self,
        carrier: CarrierT,
        context: Context | None = None,
        getter: Getter[CarrierT] = default_getter,
    ) -> Context:
        """`context` (an empty one when None) with the span, container and baggage that the carrier names."""
        base = Context() if context is None else context
        with _EXTRACTING:
            return read_remote(carrier, getter, trust_parent=self._trust_parent).placed_on(base)
        return base

    def inject(
        self,
        carrier: CarrierT,
        context: Context | None = None,
        setter: Setter[CarrierT] = default_setter,
    ) -> None:
        """Write the span, container and baggage of `context` (the current one when None) into the carrier."""
        with _INJECTING:
            _inject(carrier, otel_context.get_current() if context is None else context, setter)

    @property
    def fields(self) -> set[str]:
        """The headers that `inject` writes."""
        return {TRACEPARENT, TRACESTATE, BAGGAGE}


def inject_context(carrier: Any, context: Context) -> None:
    """Write what `context` holds into `carrier`; never raises."""
    SpanscorePropagator().inject(carrier, context)


def _inject(carrier: Any, context: Context, setter: Setter[Any]) -> None:
    span = trace.get_current_span(context).get_span_context()
    if span.is_valid:
        write_header(carrier, TRACEPARENT, format_traceparent(span), setter)
        # One that is there already belongs to another trace.
        _replace(carrier, TRACESTATE, _tracestate(span, context), setter)
    if span.is_valid or received_in(context).members or baggage.get_all(context):
        _replace(carrier, BAGGAGE, _baggage(carrier, context, with_parent=span.is_valid), setter)


def _replace(carrier: Any, name: str, value: str, setter: Setter[Any]) -> None:
    if value:
        write_header(carrier, name, value, setter)
    else:
        erase_header(carrier, name)


def _tracestate(span: SpanContext, context: Context) -> str:
    """The span's `tracestate`: as it came, unless a sampler has changed it since."""
    received = received_in(context)
    own = span.trace_state.to_header()
    if received.span is None or received.span.trace_id != span.trace_id:
        return own
    return received.tracestate if own == received.span.trace_state.to_header() else own


def _baggage(carrier: Any, context: Context, *, with_parent: bool) -> str:
    carried: list[Member] = []
    if hasattr(carrier, "keys"):
        carried = read_members(",".join(read_header(carrier, BAGGAGE)))
    members = relayed(carried, received_in(context).members, baggage.get_all(context))
    if not with_parent:
        return join_members(None, members)
    parent = known_parent(context)
    own = make_member(PARENT, str(parent)) if parent is not None and is_sendable(parent) else None
    return join_members(own, [member for member in members if member.key != PARENT])


def known_parent(context: Context) -> Parent | None:
    """The container of the spans in `context`, the default one too; None where nothing records."""
    attributes: Any = getattr(trace.get_current_span(context), "attributes", None) or {}
    settings = RECORDING.settings
    candidates = (
        scope_of(context).parent,
        attributes.get(PARENT),
        baggage.get_baggage(PARENT, context),
        default_parent(),
        None if settings is None else settings.parent,
    )
    found = (container_of(text) for text in candidates)
    return next((parent for parent in found if parent is not None), None)
