"""Whether and where this process records: the provider in force, chosen at the first recorded span."""

import logging
import os
import threading
from typing import cast

from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.sdk import trace as sdk_trace
from opentelemetry.sdk.trace import SpanLimits
from opentelemetry.trace import NoOpTracerProvider, ProxyTracerProvider, Tracer, TracerProvider

from spanscore import __version__
from spanscore._config import Settings
from spanscore._json import JsonText
from spanscore.tracing._filter import is_shippable
from spanscore.tracing._ids import OsRandomIdGenerator
from spanscore.tracing._origin import origin_json
from spanscore.tracing._processor import Sink, SpanscoreSpanProcessor
from spanscore.tracing._propagation import propagate_into_threads, stop_propagating
from spanscore.tracing._provider import TracerProvider as OwnTracerProvider
from spanscore.tracing._sampling import always_in_experiments

_logger = logging.getLogger("spanscore")
_OWN_IDS = OsRandomIdGenerator()


class Recording:
    """What is recorded in this process. There is one, `RECORDING`; tests switch it on and off."""

    def __init__(self) -> None:
        self.sink: Sink | None = None
        self.settings: Settings | None = None
        self.budget: int = _DEFAULT_BUDGET
        self._origins: dict[str, JsonText] = {}
        self._provider: TracerProvider | None = None
        self._tracers: dict[str, Tracer] = {}
        self._lock = threading.RLock()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._renew_lock)

    def _renew_lock(self) -> None:
        # The lock may have been held by a thread that the child does not have.
        self._lock = threading.RLock()

    def switch_on(self, sink: Sink, settings: Settings, *, provider: TracerProvider | None = None) -> None:
        """Record from now on into `sink`.

        Spans go through `provider`; through the program's own when None, and only if it has set none by the
        first recorded span through one of ours that then becomes global.
        """
        with self._lock:
            self.sink = sink
            self.settings = settings
            # One that the program has set already is attached to at once: others may use it before we do.
            provider = provider or program_provider()
            self._provider = None if provider is None else self._attached(provider)
            self._reset()
        if settings.propagate_threads:
            propagate_into_threads()

    def switch_off(self) -> None:
        """Record no more; spans that are open still end into their old sink."""
        with self._lock:
            self.sink = None
            self.settings = None
            self._provider = None
            self._reset()
        stop_propagating()

    def _reset(self) -> None:
        self._tracers.clear()
        self._origins.clear()
        self.budget = _budget(self.settings, self._provider)

    def is_on(self) -> bool:
        """True if a span started now would be recorded somewhere."""
        if self.sink is None and program_provider() is None:
            return False
        return not otel_context.get_current().get(_SUPPRESS_KEY)

    def tracer(self, scope: str) -> Tracer:
        """The tracer of `scope` at the provider in force; the first call chooses the provider."""
        tracer = self._tracers.get(scope)
        return self._choose(scope) if tracer is None else tracer

    def origin(self, scope: str) -> JsonText:
        """The value of `braintrust.context_json` for spans of a tracer scope."""
        origin = self._origins.get(scope)
        if origin is None:
            origin = self._origins[scope] = origin_json(scope, self.settings)
        return origin

    def _choose(self, scope: str) -> Tracer:
        with self._lock:
            provider = self._provider
            if provider is None and self.sink is None:
                provider = program_provider()
            elif provider is None:
                provider = self._provider = self._attached(self._global_provider())
            if provider is None:
                return trace.NoOpTracer()
            tracer = _own_tracer(provider, scope)
            self._tracers[scope] = tracer
            self.budget = _budget(self.settings, provider)
            return tracer

    def _global_provider(self) -> TracerProvider:
        provider = trace.get_tracer_provider()
        if isinstance(provider, ProxyTracerProvider):
            trace.set_tracer_provider(OwnTracerProvider())
            provider = trace.get_tracer_provider()
        return provider

    def _attached(self, provider: TracerProvider) -> TracerProvider:
        """`provider` with our processor on it, once for each sink."""
        if self.sink is None:
            return provider
        if not isinstance(provider, sdk_trace.TracerProvider) and not hasattr(provider, "add_span_processor"):
            _say_that_nothing_arrives(provider)
            return provider
        accepts = None if isinstance(provider, OwnTracerProvider) else is_shippable
        attached: SpanscoreSpanProcessor | None = getattr(provider, _ATTACHED, None)
        if attached is None:
            attached = SpanscoreSpanProcessor(self.sink, accepts=accepts)
            cast("sdk_trace.TracerProvider", provider).add_span_processor(attached)
            setattr(provider, _ATTACHED, attached)
        attached.lead_to(self.sink)
        return provider


def program_provider() -> TracerProvider | None:
    """The provider that the program has set, or None.

    `trace.get_tracer_provider()` costs more than all the rest of a call that is not recorded; it is asked
    only where OpenTelemetry no longer keeps the provider where it does today.
    """
    provider: TracerProvider | None = getattr(trace, "_TRACER_PROVIDER", _ASK)
    if provider is _ASK:
        provider = trace.get_tracer_provider()
        return None if isinstance(provider, ProxyTracerProvider) else provider
    return provider


def _budget(settings: Settings | None, provider: TracerProvider | None) -> int:
    """How many bytes one JSON attribute may have, so that no limit of the provider cuts its JSON."""
    budget = _DEFAULT_BUDGET if settings is None else settings.max_attribute_bytes
    limits = getattr(provider, "_span_limits", None)
    longest = limits.max_span_attribute_length if isinstance(limits, SpanLimits) else None
    return budget if longest is None else min(budget, longest)


def _own_tracer(provider: TracerProvider, scope: str) -> Tracer:
    """Our tracer at `provider`; at one of the SDK's with our ids and with experiments always sampled."""
    tracer = provider.get_tracer(scope, __version__)
    if isinstance(tracer, sdk_trace.Tracer) and tracer.id_generator is not _OWN_IDS:
        tracer.id_generator = _OWN_IDS
        tracer.sampler = always_in_experiments(tracer.sampler, scope)
    return tracer


def _say_that_nothing_arrives(provider: TracerProvider) -> None:
    kind = "does nothing" if isinstance(provider, NoOpTracerProvider) else "takes no span processors"
    _logger.warning(
        "the program's tracer provider (%s) %s: no span will reach spanscore; "
        "set an SDK TracerProvider, or none so that spanscore makes one",
        type(provider).__name__,
        kind,
    )


_DEFAULT_BUDGET: int = 1 << 20
_ASK: TracerProvider = ProxyTracerProvider()
_ATTACHED = "_spanscore_processor"
_SUPPRESS_KEY: str = getattr(otel_context, "_SUPPRESS_INSTRUMENTATION_KEY", "suppress_instrumentation")

RECORDING = Recording()
