"""The span elsewhere that spans here begin below, and what its request brought along."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from opentelemetry import baggage
from opentelemetry import context as otel_context
from opentelemetry.context import Context
from opentelemetry.propagators.textmap import Getter, default_getter
from opentelemetry.trace import (
    INVALID_SPAN,
    NonRecordingSpan,
    SpanContext,
    TraceFlags,
    TraceState,
    set_span_in_context,
)

from spanscore.errors import ParentError
from spanscore.tracing._baggage import BAGGAGE, Member, read_members
from spanscore.tracing._carrier import read_header
from spanscore.tracing._guard import guard
from spanscore.tracing._scope import context_with
from spanscore.tracing._text import as_text
from spanscore.tracing._traceparent import TRACEPARENT, TRACESTATE, parse_traceparent, sendable_tracestate
from spanscore.wire.attributes import PARENT
from spanscore.wire.parent import Parent, ParentKind
from spanscore.wire.slug import Slug

_KEY = otel_context.create_key("spanscore-remote-parent")
_IN_HEADERS = (ParentKind.PROJECT_ID, ParentKind.PROJECT_NAME, ParentKind.EXPERIMENT_ID)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteParent:
    """Where spans are to begin that continue the work of another process.

    `span` None begins a new trace. `parent` is the text of a Parent; None leaves it to the destination in
    force here. `members` and `tracestate` are what other vendors sent along, to be sent on as they are.
    """

    span: SpanContext | None = None
    parent: str | None = None
    purpose: str | None = None
    members: Sequence[Member] = ()
    tracestate: str = ""

    def placed_on(self, base: Context) -> Context:
        """`base` with spans that start in it beginning here."""
        context = self.carried_on(base)
        if self.parent is not None:
            context = context_with(parent=self.parent, base=context)
        if self.span is not None:
            return set_span_in_context(NonRecordingSpan(self.span), context)
        return context if self.parent is None else set_span_in_context(INVALID_SPAN, context)

    def carried_on(self, base: Context) -> Context:
        """`base` with what goes along besides the span: the purpose, and the baggage of other vendors."""
        context = base if self.purpose is None else context_with(purpose=self.purpose, base=base)
        if not (self.members or self.tracestate) or base.get(_KEY) is self:
            return context
        context = otel_context.set_value(_KEY, self, context)
        for member in self.members:
            context = baggage.set_baggage(member.key, member.value, context)
        return context


NOTHING_RECEIVED = RemoteParent()


def received_in(context: Context) -> RemoteParent:
    """What came with the request that `context` serves."""
    found = context.get(_KEY)
    return found if isinstance(found, RemoteParent) else NOTHING_RECEIVED


def read_remote(carrier: Any, getter: Getter[Any] = default_getter, *, trust_parent: bool) -> RemoteParent:
    """What the headers of a request say; `trust_parent=False` leaves their container aside."""
    members = read_members(",".join(read_header(carrier, BAGGAGE, getter)))
    tracestate = sendable_tracestate(read_header(carrier, TRACESTATE, getter))
    state = TraceState.from_header([tracestate]) if tracestate else None
    # Two that differ name no one span, and W3C has them count as none.
    named = set(read_header(carrier, TRACEPARENT, getter))
    span = parse_traceparent(named.pop(), state) if len(named) == 1 else None
    parent = _container(members) if trust_parent and span is not None else None
    return RemoteParent(
        span=span,
        parent=parent,
        members=tuple(member for member in members if member.key != PARENT or member.value == parent),
        tracestate=tracestate if span is not None else "",
    )


def _container(members: Sequence[Member]) -> str | None:
    named = (container_of(member.value) for member in members if member.key == PARENT)
    return next((str(parent) for parent in named if parent is not None and is_sendable(parent)), None)


def container_of(text: object) -> Parent | None:
    """The container that `text` names; None if it names none."""
    try:
        return Parent.parse(text) if isinstance(text, str) else None
    except ParentError:
        return None


def is_sendable(parent: Parent) -> bool:
    """True if headers may name it: a project or an experiment, and no control characters.

    The container becomes a header of its own when its spans are sent to Braintrust.
    """
    return parent.kind in _IN_HEADERS and not any(
        character < " " or "\x7f" <= character < "\xa0" for character in parent.value
    )


def read_parent(parent: object) -> RemoteParent | None:
    """Where "project_name:…", the text that `Span.export()` gave or an extracted value leads.

    None for what leads nowhere, which is reported: no span is lost because its parent is unknown.
    """
    try:
        return parsed_parent(parent)
    except ParentError as error:
        guard.report("reading the parent of a span", error)
        return None


def parsed_parent(parent: object) -> RemoteParent | None:
    """`read_parent` for what can still be refused: raises ParentError for what leads nowhere."""
    if isinstance(parent, RemoteParent):
        return parent
    if parent is None or parent == "":
        return None
    if not isinstance(parent, str):
        raise ParentError(f"{as_text(parent)} is no parent; give a container, a span, or what was extracted")
    return _parsed(parent)


@lru_cache(maxsize=256)
def _parsed(text: str) -> RemoteParent:
    if ":" in text:
        return RemoteParent(parent=str(Parent.parse(text)))
    slug = Slug.parse(text)
    span = None
    if slug.trace_id is not None and slug.span_id is not None:
        flags = TraceFlags(TraceFlags.SAMPLED)
        span = SpanContext(slug.trace_id, slug.span_id, is_remote=True, trace_flags=flags)
    return RemoteParent(span=span, parent=str(slug.parent), purpose=slug.purpose)
