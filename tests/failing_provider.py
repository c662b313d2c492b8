"""A tracer provider of the program's whose spans fail in what they are told to fail in.

    with failing("set_attribute") as provider: ...

Import it as `from failing_provider import FailingProvider, FAILURES`.
"""

from collections.abc import Mapping
from typing import Any

from opentelemetry import trace
from opentelemetry.sdk.trace import SpanLimits, SpanProcessor
from opentelemetry.trace import SpanContext, TraceFlags

FAILURES = (
    "get_tracer",
    "start_span",
    "set_attribute",
    "set_attributes",
    "attributes",
    "add_event",
    "record_exception",
    "set_status",
    "update_name",
    "is_recording",
    "get_span_context",
    "end",
)
"""What can be made to fail."""


class ProviderError(RuntimeError):
    """What the provider raises."""


class FailingProvider(trace.TracerProvider):
    """Implements OpenTelemetry's interface, takes processors and forgets them."""

    def __init__(self, *failing: str) -> None:
        self.failing = set(failing)
        self.calls: list[str] = []
        self._limits = SpanLimits()

    def check(self, what: str) -> None:
        """Note a call; raise if it is to fail."""
        self.calls.append(what)
        if what in self.failing:
            raise ProviderError(what)

    @property
    def _span_limits(self) -> SpanLimits:
        self.check("limits")
        return self._limits

    def add_span_processor(self, processor: SpanProcessor) -> None:
        self.check("add_span_processor")

    def get_tracer(self, *args: Any, **kwargs: Any) -> trace.Tracer:
        self.check("get_tracer")
        return FailingTracer(self)


class FailingTracer(trace.Tracer):
    def __init__(self, provider: FailingProvider) -> None:
        self._provider = provider

    def start_span(self, name: str, *args: Any, **kwargs: Any) -> trace.Span:
        self._provider.check("start_span")
        return FailingSpan(self._provider, name, kwargs.get("attributes"))

    def start_as_current_span(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError


class FailingSpan(trace.Span):
    def __init__(self, provider: FailingProvider, name: str, attributes: Mapping[str, Any] | None) -> None:
        self._provider = provider
        self._is_open = True
        self._held = dict(attributes or {})
        self.name = name

    @property
    def attributes(self) -> Mapping[str, Any]:
        self._provider.check("attributes")
        return self._held

    def get_span_context(self) -> SpanContext:
        self._provider.check("get_span_context")
        return SpanContext(1, 2, is_remote=False, trace_flags=TraceFlags(1))

    def set_attributes(self, attributes: Mapping[str, Any]) -> None:
        self._provider.check("set_attributes")
        self._held.update(attributes)

    def set_attribute(self, key: str, value: Any) -> None:
        self._provider.check("set_attribute")
        self._held[key] = value

    def add_event(self, *args: Any, **kwargs: Any) -> None:
        self._provider.check("add_event")

    def update_name(self, name: str) -> None:
        self._provider.check("update_name")
        self.name = name

    def is_recording(self) -> bool:
        self._provider.check("is_recording")
        return self._is_open

    def set_status(self, *args: Any, **kwargs: Any) -> None:
        self._provider.check("set_status")

    def record_exception(self, *args: Any, **kwargs: Any) -> None:
        self._provider.check("record_exception")

    def end(self, end_time: int | None = None) -> None:
        self._provider.check("end")
        self._is_open = False
