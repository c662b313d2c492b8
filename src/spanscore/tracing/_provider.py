"""Our own tracer provider, used where the program has set none."""

import os
import threading
import weakref
from collections.abc import Callable, Mapping
from typing import Any

from opentelemetry import trace
from opentelemetry.sdk import trace as sdk_trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanLimits, SpanProcessor
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import Sampler
from opentelemetry.sdk.util.instrumentation import InstrumentationInfo, InstrumentationScope

from spanscore.tracing._ids import OsRandomIdGenerator
from spanscore.tracing._sampling import always_in_experiments
from spanscore.tracing._tracer import Tracer


class TracerProvider(sdk_trace.TracerProvider):
    """An SDK provider whose tracers make our own span objects.

    Everything else is the SDK's: resource, sampler and limits from `OTEL_*` variables, processors, shutdown,
    `force_flush`, `OTEL_SDK_DISABLED`.
    """

    def __init__(
        self,
        *,
        sampler: Sampler | None = None,
        resource: Resource | None = None,
        id_generator: IdGenerator | None = None,
        span_limits: SpanLimits | None = None,
        shutdown_on_exit: bool = True,
    ) -> None:
        super().__init__(
            sampler=sampler,
            resource=resource,
            id_generator=id_generator or OsRandomIdGenerator(),
            span_limits=span_limits,
            shutdown_on_exit=shutdown_on_exit,
        )
        self._processors: tuple[SpanProcessor, ...] = ()
        self._own_tracers: dict[InstrumentationScope, Tracer] = {}
        # Reentrant: garbage collected while it is held may be a stream that is recorded as it ends.
        self._own_lock = threading.RLock()
        if hasattr(os, "register_at_fork"):
            renew = weakref.WeakMethod(self._renew_lock)
            os.register_at_fork(after_in_child=lambda: (call := renew()) and call())

    def get_tracer(
        self,
        instrumenting_module_name: str,
        instrumenting_library_version: str | None = None,
        schema_url: str | None = None,
        attributes: Mapping[str, Any] | None = None,
    ) -> trace.Tracer:
        """The tracer of an instrumentation scope; the same one for the same scope."""
        # The SDK's tracer says whether there is to be one at all, and holds the scope in its deprecated form
        # too.
        sdk_tracer = super().get_tracer(
            instrumenting_module_name, instrumenting_library_version, schema_url, attributes
        )
        if not isinstance(sdk_tracer, sdk_trace.Tracer):
            return sdk_tracer
        scope = InstrumentationScope(
            instrumenting_module_name or "", instrumenting_library_version or "", schema_url, attributes
        )
        with self._own_lock:
            tracer = self._own_tracers.get(scope)
            if tracer is None:
                tracer = self._make_tracer(scope, sdk_tracer.instrumentation_info)
                self._own_tracers[scope] = tracer
        return tracer

    def _make_tracer(self, scope: InstrumentationScope, info: InstrumentationInfo) -> Tracer:
        tracer = Tracer(
            scope,
            info,
            sampler=always_in_experiments(self.sampler, scope.name),
            id_generator=self.id_generator,
            limits=self._span_limits,
            resource=self.resource,
        )
        self._attach(tracer)
        return tracer

    def add_span_processor(self, span_processor: SpanProcessor) -> None:
        """Register a processor; processors are called in the order of registration."""
        super().add_span_processor(span_processor)
        with self._own_lock:
            self._processors += (span_processor,)
            for tracer in self._own_tracers.values():
                self._attach(tracer)

    def _attach(self, tracer: Tracer) -> None:
        tracer.processors = self._processors
        hooks = (_ending_hook(processor) for processor in self._processors)
        tracer.ending_hooks = tuple(hook for hook in hooks if hook is not None)

    def _renew_lock(self) -> None:
        # A thread that the forked child does not have may have held it.
        self._own_lock = threading.RLock()

    def _update_resource(self, resource: Resource) -> None:
        """Called by the SDK, where it knows about forks, in a forked child."""
        super()._update_resource(resource)
        for tracer in self._own_tracers.values():
            tracer.resource = self.resource


def _ending_hook(processor: SpanProcessor) -> Callable[[Any], None] | None:
    """The processor's experimental `_on_ending`, if it has one of its own and this SDK calls it."""
    default = getattr(SpanProcessor, "_on_ending", None)
    if default is None or getattr(type(processor), "_on_ending", default) is default:
        return None
    return processor._on_ending  # pyright: ignore[reportPrivateUsage] - the SDK's name until it is stable
