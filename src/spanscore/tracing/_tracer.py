"""The tracer of our own provider: makes spans as OpenTelemetry's does, for less."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk import trace as sdk_trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanLimits, SpanProcessor
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON, DEFAULT_ON, Sampler
from opentelemetry.sdk.util.instrumentation import InstrumentationInfo, InstrumentationScope
from opentelemetry.trace import Link, NonRecordingSpan, SpanContext, SpanKind, TraceFlags

from spanscore.tracing._span import RecordedSpan

_RANDOM: int = getattr(TraceFlags, "RANDOM_TRACE_ID", 0)


class Tracer(trace.Tracer):
    """Starts spans of one instrumentation scope."""

    def __init__(
        self,
        scope: InstrumentationScope,
        info: InstrumentationInfo,
        *,
        sampler: Sampler,
        id_generator: IdGenerator,
        limits: SpanLimits,
        resource: Resource,
    ) -> None:
        self.instrumentation_scope = scope
        self.instrumentation_info = info
        self.sampler = sampler
        self.id_generator = id_generator
        self.limits = limits
        self.resource = resource
        self.processors: tuple[SpanProcessor, ...] = ()
        self.ending_hooks: tuple[Callable[[Any], None], ...] = ()
        is_random: Callable[[], bool] = getattr(id_generator, "is_trace_id_random", bool)
        self._root_flags = _RANDOM if is_random() else 0

    def start_span(  # noqa: PLR0913 - OpenTelemetry's signature
        self,
        name: str,
        context: Context | None = None,
        kind: SpanKind = SpanKind.INTERNAL,
        attributes: Mapping[str, Any] | None = None,
        links: Sequence[Link] | None = (),
        start_time: int | None = None,
        record_exception: bool = True,  # noqa: FBT001, FBT002
        set_status_on_exception: bool = True,  # noqa: FBT001, FBT002
    ) -> trace.Span:
        """Start a span below the span in `context` (the current context when None)."""
        parent = trace.get_current_span(context).get_span_context()
        if parent is not None and not isinstance(parent, SpanContext):  # pyright: ignore[reportUnnecessaryComparison, reportUnnecessaryIsInstance] - foreign spans may give anything
            raise TypeError("parent_span_context must be a SpanContext or None.")
        if parent is None or not parent.is_valid:  # pyright: ignore[reportUnnecessaryComparison]
            parent = None
        trace_id = self.id_generator.generate_trace_id() if parent is None else parent.trace_id
        if self._samples_everything(parent):
            sampled, recorded, trace_state = True, True, None if parent is None else parent.trace_state
        else:
            sample: Callable[..., Any] = self.sampler.should_sample
            result = sample(context, trace_id, name, kind, attributes, links or ())
            sampled, recorded = result.decision.is_sampled(), result.decision.is_recording()
            attributes, trace_state = result.attributes, result.trace_state
        identity = SpanContext(
            trace_id,
            self.id_generator.generate_span_id(),
            is_remote=False,
            trace_flags=self._flags(parent, sampled=sampled),
            trace_state=trace_state,
        )
        if not recorded:
            return NonRecordingSpan(identity)
        span = RecordedSpan(self, name, identity, parent, kind)
        if attributes:
            span.set_attributes(attributes)
        if links:
            span.take_links(links)
        if not record_exception or not set_status_on_exception:
            span.handle_exceptions(record=record_exception, set_status=set_status_on_exception)
        span.begin(start_time, context)
        return span

    def _samples_everything(self, parent: SpanContext | None) -> bool:
        if self.sampler is DEFAULT_ON:
            return parent is None or parent.trace_flags.sampled
        return self.sampler is ALWAYS_ON

    def _flags(self, parent: SpanContext | None, *, sampled: bool) -> TraceFlags:
        inherited = self._root_flags if parent is None else parent.trace_flags & _RANDOM
        return _FLAGS[(TraceFlags.SAMPLED if sampled else TraceFlags.DEFAULT) | inherited]

    def start_as_current_span(self, *args: Any, **kwargs: Any) -> Any:
        """Start a span and make it current: a context manager, and a decorator of functions and coroutines.

        The arguments are those of `start_span`, and `end_on_exit`.
        """
        return _start_as_current_span(self, *args, **kwargs)


# The SDK's own works on any tracer that can start a span.
_start_as_current_span: Callable[..., Any] = sdk_trace.Tracer.start_as_current_span
_FLAGS = {number: TraceFlags(number) for number in range(4)}
