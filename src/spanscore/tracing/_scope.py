"""What spans inherit through the context besides their parent span: container and purpose."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from opentelemetry import context as otel_context
from opentelemetry.context import Context
from opentelemetry.context.contextvars_context import ContextVarsRuntimeContext
from opentelemetry.trace import INVALID_SPAN, Span, set_span_in_context

from spanscore.tracing._containers import default_parent
from spanscore.wire.attributes import PARENT

SPAN_KEY: Final = next(iter(set_span_in_context(INVALID_SPAN, Context())))
"""Under which OpenTelemetry keeps the current span in a context."""

_KEY = otel_context.create_key("spanscore-scope")
_EXPERIMENT = "experiment_id:"


def of_the_variable(method: str, public: Callable[..., Any]) -> Callable[..., Any]:
    """The method of the context variable that `public` leads to through three calls, else `public`."""
    runtime = getattr(otel_context, "_RUNTIME_CONTEXT", None)
    variable: ContextVar[Context] | None = getattr(runtime, "_current_context", None)
    is_known = type(runtime) is ContextVarsRuntimeContext and type(variable) is ContextVar
    return getattr(variable, method) if is_known else public


current_context: Final[Callable[[], Context]] = of_the_variable("get", otel_context.get_current)
"""OpenTelemetry's `get_current`, in half the time."""

attach: Final[Callable[[Context], object]] = of_the_variable("set", otel_context.attach)
"""OpenTelemetry's `attach`, in half the time."""


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
_scope = lru_cache(maxsize=256)(Scope)


def scope_of(context: Context | None) -> Scope:
    """The scope held by `context`, by the current context when None."""
    found = (current_context() if context is None else context).get(_KEY)
    return found if isinstance(found, Scope) else _NO_SCOPE


def parent_in(context: Context | None) -> str | None:
    """The container that a span started in `context` belongs to.

    That of the scope, else the one that the span above was placed in, else the current experiment's or
    logger's.
    """
    if context is None:
        context = current_context()
    return scope_of(context).parent or parent_above(context)


def parent_above(context: Context) -> str | None:
    """`parent_in` where the scope names no container."""
    span = context.get(SPAN_KEY)
    if span is not None:
        # A span that does not record has no attributes.
        attributes: Any = getattr(span, "attributes", None)
        parent = attributes.get(PARENT) if attributes else None
        if isinstance(parent, str):
            return parent
    return default_parent()


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
    context = current_context() if base is None else base
    if parent is not None or purpose is not None:
        inherited = scope_of(context)
        scope = _scope(parent or inherited.parent, purpose or inherited.purpose)
        if span is None:
            return Context({**context, _KEY: scope})
        return Context({**context, _KEY: scope, SPAN_KEY: span})
    return context if span is None else Context({**context, SPAN_KEY: span})
