"""The spans that newer clients make of their calls themselves, which would tell the same call twice."""

from collections.abc import Callable
from typing import Any, Final

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import NonRecordingSpan, NoOpTracer, ProxyTracerProvider, Span

from spanscore import tracing
from spanscore.integrations._patch import Patch

_PROPERTY: Final = "_tracer"
"""Of a client: its tracer, or None where the program has switched the client's spans off."""

_looking = tracing.quietly("standing in for a client's own spans")


class StandIn(NonRecordingSpan):
    """In place of a span of the client's: nothing but the identity of `span`, which is ours of the same call.

    What the client sends with a request, and makes below its own span, is so below ours.
    """

    def __init__(self, span: Span) -> None:
        super().__init__(span.get_span_context())
        self.attributes: Any = getattr(span, "attributes", None)


class _Tracer(NoOpTracer):
    def start_span(self, name: str, context: Context | None = None, *args: Any, **kwargs: Any) -> Span:
        return StandIn(trace.get_current_span(context))


_TRACER: Final = _Tracer()


def stand_in(patch: Patch, kind: type[Any], is_recorded: Callable[[], bool]) -> None:
    """Let clients of a class make no span of their own where `is_recorded` says that there is one of ours.

    A client that was given a tracer provider of its own reports elsewhere, and goes on doing so. Versions
    that make no spans have no such property.
    """
    own: Any = getattr(kind, _PROPERTY, None)
    if isinstance(own, property):
        patch.replace(kind, _PROPERTY, property(lambda client: _tracer_of(own, client, patch, is_recorded)))


def _tracer_of(own: property, client: Any, patch: Patch, is_recorded: Callable[[], bool]) -> Any:
    tracer: Any = own.__get__(client)
    with _looking:
        if patch.is_on and is_recorded() and _reports_to_the_program(client, tracer):
            return _TRACER
    return tracer


def _reports_to_the_program(client: Any, tracer: Any) -> bool:
    """Whether spans of that tracer come to where ours do: to OpenTelemetry's provider, if there is one."""
    if tracer is None or isinstance(tracer, NoOpTracer):
        return False
    is_there = not isinstance(trace.get_tracer_provider(), ProxyTracerProvider)
    return is_there and client.open_telemetry.get("tracer_provider") is None
