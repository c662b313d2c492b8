"""What spans inherit through the context besides their parent span: container and purpose."""

from dataclasses import dataclass
from typing import Any

from opentelemetry import context as otel_context
from opentelemetry.context import Context
from opentelemetry.trace import Span, get_current_span, set_span_in_context

from spanscore.tracing._containers import default_parent
from spanscore.wire.attributes import PARENT

_KEY = otel_context.create_key("spanscore-scope")
_EXPERIMENT = "experiment_id:"


@dataclass(frozen=True, slots=True)
class Scope:
    """The container (text of a Parent) and the purpose that spans below inherit."""

    parent: str | None = None
    purpose: str | None = None

    @property
    def is_experiment(self) -> bool:
        """True inside an experiment, where every span is sampled."""
        return self.parent is not None and self.parent.startswith(_EXPERIMENT)


_NO_SCOPE = Scope()


def scope_of(context: Context | None) -> Scope:
    """The scope held by `context`, by the current context when None."""
    found = (otel_context.get_current() if context is None else context).get(_KEY)
    return found if isinstance(found, Scope) else _NO_SCOPE


def parent_in(context: Context | None) -> str | None:
    """The container that a span started in `context` belongs to.

    That of the scope, else the one that the span above was placed in, else the current experiment's or
    logger's.
    """
    scope = scope_of(context)
    if scope.parent is not None:
        return scope.parent
    attributes: Any = getattr(get_current_span(context), "attributes", None)
    above = attributes.get(PARENT) if attributes else None
    return above if isinstance(above, str) else default_parent()


def context_with(
    span: Span | None = None,
    *,
    parent: str | None = None,
    purpose: str | None = None,
    base: Context | None = None,
) -> Context:
    """`base` (the current context when None) with `span` as current span and a scope for the spans below.

    What is None stays as it is in `base`.
    """
    context = otel_context.get_current() if base is None else base
    if parent is not None or purpose is not None:
        inherited = scope_of(context)
        scope = Scope(parent or inherited.parent, purpose or inherited.purpose)
        context = otel_context.set_value(_KEY, scope, context)
    return context if span is None else set_span_in_context(span, context)
