"""Starting a span: below the current one, below another, or under ids of one's own."""

from collections.abc import Mapping
from typing import Any, Protocol

from opentelemetry import context as otel_context
from opentelemetry.context import Context

from spanscore.tracing._given_ids import GivenIds
from spanscore.tracing._guard import quietly
from spanscore.tracing._handle import NOOP_SPAN, Span, askable, start_below
from spanscore.tracing._open import open_span
from spanscore.tracing._recording import RECORDING
from spanscore.tracing._remote import RemoteParent, read_parent

_STARTING = quietly("start_span")


class Placing(Protocol):
    """An account that containers may belong to."""

    def place(self, parent: Any) -> Any:
        """The same parent, as this account knows it, whose container belongs to it from now on."""
        ...


def start_span(  # noqa: PLR0913 - Braintrust's signature
    name: str | None = None,
    type: str | None = None,  # noqa: A002 - Braintrust's word
    span_attributes: Mapping[str, Any] | None = None,
    start_time: float | None = None,
    set_current: bool | None = None,  # noqa: FBT001 - Braintrust's order
    parent: "str | Span | RemoteParent | None" = None,
    propagated_event: Mapping[str, Any] | None = None,
    state: "Placing | None" = None,
    **fields: Any,
) -> Span:
    """A started span below the current one; use it in a `with` statement or call `end()`.

    `type` is one of SpanTypeAttribute or any other word. `parent` is the Span to be below of, in another
    process too: what `extract_trace_context` or `Span.export()` gave there; or the text of a container such
    as "project_name:bot", under which a new trace begins. One that cannot be read counts as None.
    `start_time` is in Unix seconds. With `set_current` False a `with` statement does not make it the current
    one. `fields` are those of `Span.log`, as are those of `propagated_event`; `span_attributes` may have
    others besides `name` and `type`. `state` is the account that the container of `parent` belongs to, if it
    is not the one in force: what `login_to_state` gave.

    >>> from spanscore import start_span
    >>> with start_span("answer", type="task", input="2+2") as span:
    ...     span.log(output="4")
    """
    if not RECORDING.is_on():
        return NOOP_SPAN
    with _STARTING:
        start_ns = None if start_time is None else int(start_time * 1e9)
        called = "span" if name is None else name
        if parent is not None and state is not None:
            parent = state.place(parent)
        if parent is None:
            span = Span(open_span(called, span_type=type, start_ns=start_ns))
        else:
            span = start_below(parent, called, type, start_ns)
        told = {**(propagated_event or {}), **fields}
        return span.begun(span_attributes, told, set_current=set_current)
    return NOOP_SPAN


def start_span_as(
    name: str,
    *,
    type: str | None,  # noqa: A002 - Braintrust's word
    parent: str,
    ids: GivenIds,
    start_time: float | None = None,
    fields: Mapping[str, Any] | None = None,
) -> Span:
    """A started span of these ids, the first of its trace in the container `parent`."""
    if not RECORDING.is_on():
        return NOOP_SPAN
    with _STARTING:
        start_ns = None if start_time is None else int(start_time * 1e9)
        opened = open_span(name, span_type=type, context=Context(), parent=parent, start_ns=start_ns, ids=ids)
        span = Span(opened)
        if fields:
            span.log(**fields)
        return span
    return NOOP_SPAN


def context_below(parent: str | Span | RemoteParent | None) -> Context:
    """The current context with spans that start in it beginning below `parent`."""
    parent = askable(parent)
    if isinstance(parent, Span):
        return parent._place()[1]  # pyright: ignore[reportPrivateUsage]
    remote = read_parent(parent)
    current = otel_context.get_current()
    return current if remote is None else remote.placed_on(current)
