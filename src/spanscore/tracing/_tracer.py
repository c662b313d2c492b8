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

from spanscore.tracing._identity import local_identity
from spanscore.tracing._left_out import LEFT_OUT
from spanscore.tracing._limits import AttributeLimits
from spanscore.tracing._scope import SPAN_KEY, current_context
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
        # Such a sampler need not be asked.
        self._samples_roots = sampler is ALWAYS_ON or sampler is DEFAULT_ON
        self.id_generator = id_generator
        self.limits = limits
        self.attribute_limits: AttributeLimits = AttributeLimits(
            limits.max_span_attributes, limits.max_span_attribute_length
        )
        self.event_attribute_limits: AttributeLimits = AttributeLimits(
            limits.max_event_attributes, limits.max_attribute_length
        )
        self.resource = resource
        self.processors: tuple[SpanProcessor, ...] = ()
        self.ending_hooks: tuple[Callable[[Any], None], ...] = ()
        is_random: Callable[[], bool] = getattr(id_generator, "is_trace_id_random", bool)
        self._root_flags: int = _RANDOM if is_random() else 0

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
        above = (current_context() if context is None else context).get(SPAN_KEY)
        parent = None if above is None else _identity_of(above)
        if parent is None:
            trace_id, trace_state, flags = self.id_generator.generate_trace_id(), None, self._root_flags
        else:
            trace_id, trace_state, flags = parent.trace_id, parent.trace_state, parent.trace_flags & _RANDOM
        is_sampled = is_recorded = True
        if not (self._samples_roots if parent is None else self._samples_below(parent)):
            sample: Callable[..., Any] = self.sampler.should_sample
            result = sample(context, trace_id, name, kind, attributes, links or ())
            is_sampled, is_recorded = result.decision.is_sampled(), result.decision.is_recording()
            attributes, trace_state = result.attributes, result.trace_state
        flags = _FLAGS[flags | TraceFlags.SAMPLED if is_sampled else flags]
        identity = local_identity(trace_id, self.id_generator.generate_span_id(), flags, trace_state)
        if not is_recorded:
            LEFT_OUT.add("unsampled")
            return NonRecordingSpan(identity)
        span = RecordedSpan(self, name, identity, parent, kind, attributes)
        if start_time is not None:
            span.start_at(start_time)
        if links:
            span.take_links(links)
        if not record_exception or not set_status_on_exception:
            span.handle_exceptions(record=record_exception, set_status=set_status_on_exception)
        for processor in self.processors:
            processor.on_start(span, parent_context=context)  # pyright: ignore[reportArgumentType] - like the SDK's
        return span

    def _samples_below(self, parent: SpanContext) -> bool:
        return self._samples_roots and (self.sampler is ALWAYS_ON or parent.trace_flags.sampled)

    def start_as_current_span(self, *args: Any, **kwargs: Any) -> Any:
        """Start a span and make it current: a context manager, and a decorator of functions and coroutines.

        The arguments are those of `start_span`, and `end_on_exit`.
        """
        return _start_as_current_span(self, *args, **kwargs)


def _identity_of(above: object) -> SpanContext | None:
    """The identity of the span above, None if that is invalid."""
    if type(above) is not RecordedSpan and not isinstance(above, trace.Span):
        return None
    identity: Any = above.get_span_context()
    if identity is not None and not isinstance(identity, SpanContext):
        raise TypeError("parent_span_context must be a SpanContext or None.")
    return identity if identity is not None and identity.is_valid else None


# The SDK's own works on any tracer that can start a span.
_start_as_current_span: Callable[..., Any] = sdk_trace.Tracer.start_as_current_span
_FLAGS = {number: TraceFlags(number) for number in range(4)}
