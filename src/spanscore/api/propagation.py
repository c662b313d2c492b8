"""`inject_trace_context`, `extract_trace_context` and `parent_context`: one trace over several processes."""

from collections.abc import Generator, Iterable, Mapping, MutableMapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from opentelemetry import context as otel_context

from spanscore.tracing import (
    RemoteParent,
    Span,
    context_below,
    headers_of,
    inject_context,
    quietly,
    read_remote,
)

if TYPE_CHECKING:
    from spanscore.api.login_state import BraintrustState

__all__ = ["extract_trace_context", "inject_trace_context", "parent_context"]

_Headers = Mapping[Any, Any] | Iterable[tuple[Any, Any]]


def inject_trace_context(
    carrier: MutableMapping[str, Any] | None = None, span: Span | None = None
) -> MutableMapping[str, Any]:
    """`carrier` (a new dict when None) with headers that let another process go on below the current span.

    They are `traceparent`, `tracestate` if one was received, and `baggage`: the container of the span, what
    other vendors sent along, and what the program has set by OpenTelemetry's baggage API. Names are in lower
    case, those of other case are replaced. `span` is taken instead of the current one. Never raises.

    >>> from spanscore import init_logger, inject_trace_context, start_span
    >>> logger = init_logger("support bot")
    >>> with start_span("ask"):
    ...     headers = inject_trace_context({"accept": "text/plain"})
    >>> headers["baggage"]
    'braintrust.parent=project_name%3Asupport%20bot'
    """
    carrier = {} if carrier is None else carrier
    if span is not None:
        return span.inject(carrier)
    inject_context(carrier, otel_context.get_current())
    return carrier


def extract_trace_context(headers: _Headers | None, *, trust_parent: bool = True) -> RemoteParent | None:
    """What the headers of a request say of the trace it belongs to; None without a valid `traceparent`.

    Give it to `start_span(parent=…)` or `parent_context(…)`. Takes the headers of any framework, text or
    bytes, names in any case. The container is the one that `braintrust.parent` in `baggage` names, else the
    one in force here. Whoever can send requests can name a container: `trust_parent=False` ignores it and
    keeps the trace. Never raises.

    >>> from spanscore import extract_trace_context, start_span
    >>> headers = {"Traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}
    >>> with start_span("answer", parent=extract_trace_context(headers)):
    ...     pass
    """
    with quietly("extract_trace_context"):
        remote = read_remote(headers_of(headers or {}), trust_parent=trust_parent)
        return None if remote.span is None else remote
    return None


@contextmanager
def parent_context(
    parent: str | Span | RemoteParent | None, state: "BraintrustState | None" = None
) -> Generator[None, None, None]:
    """A context below `parent`: spans that start in it begin there, `@traced` and plain OpenTelemetry's too.

    `parent` is what `start_span(parent=…)` takes: what `extract_trace_context` or `Span.export()` gave, the
    text of a container, a Span. None, or what cannot be read, changes nothing. `state` is the account that
    the container belongs to, if it is not the one in force; then it raises what `login_to_state` raises, and
    ConfigError if the container is another account's.

    >>> from spanscore import extract_trace_context, parent_context, traced
    >>> @traced
    ... def answer(question: str) -> str:
    ...     return "4"
    >>> headers = {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}
    >>> with parent_context(extract_trace_context(headers)):
    ...     answer("2+2")
    '4'
    """
    previous = otel_context.get_current()
    entered = previous
    if state is not None:
        parent = state.place(parent)
    with quietly("parent_context"):
        entered = context_below(parent)
        otel_context.attach(entered)
    try:
        yield
    finally:
        # No token: one must not be reset in another context, and nobody's context is changed but ours.
        if otel_context.get_current() is entered:
            otel_context.attach(previous)
