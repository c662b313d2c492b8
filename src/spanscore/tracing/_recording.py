"""Whether and where this process records: the provider in force, chosen at the first recorded span."""

import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING
from weakref import WeakSet

from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.sdk import trace as sdk_trace
from opentelemetry.sdk.trace import SpanLimits
from opentelemetry.trace import ProxyTracerProvider, Tracer, TracerProvider

from spanscore import __version__
from spanscore._config import Settings
from spanscore._json import Budget
from spanscore.tracing._attachment import (
    add_processor,
    flattened,
    provider_processors,
    say_that_nothing_arrives,
    why_nothing_arrives,
)
from spanscore.tracing._filter import is_shippable
from spanscore.tracing._guard import quietly
from spanscore.tracing._ids import OsRandomIdGenerator
from spanscore.tracing._origin import Origins
from spanscore.tracing._processor import Sink, SinkProcessor
from spanscore.tracing._program_provider import program_provider, stop_watching, watch_for_provider
from spanscore.tracing._propagation import propagate_into_threads, stop_propagating
from spanscore.tracing._provider import TracerProvider as OwnTracerProvider
from spanscore.tracing._sampling import always_in_experiments
from spanscore.wire.attributes import EVAL_SCOPE, SCOPE

if TYPE_CHECKING:
    from spanscore._json import JsonText

_ATTACHING = quietly("attaching to a tracer provider")
_ASKING_LIMITS = quietly("asking a tracer provider for its limits")
_OWN_IDS = OsRandomIdGenerator()


class Recording:
    """What is recorded in this process. There is one, `RECORDING`; tests switch it on and off."""

    def __init__(self) -> None:
        self.sink: Sink | None = None
        self.settings: Settings | None = None
        self.budget: int = _DEFAULT_BUDGET
        # Where to look at an exported span; None where that is the embedded store's command.
        self.permalink: Callable[[str], str] | None = None
        self._origins = Origins()
        # The value of `braintrust.context_json` for spans of a tracer scope.
        self.origin: Callable[[str], JsonText] = self._origins.of
        self._warned_of: TracerProvider | None = None
        self._provider: TracerProvider | None = None
        self._own: TracerProvider | None = None
        self._own_tracers: dict[str, Tracer] = {}
        self._is_choosing = False
        self._tracers: dict[str, Tracer] = {}
        self._led: WeakSet[SinkProcessor] = WeakSet()
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
            self._reset()
            self._provider = None if provider is None else self._attached(provider)
            # Made now, not in the middle of the first span: that may begin in a signal handler.
            self._own = self._attached(OwnTracerProvider()) if provider is None else None
            self._own_tracers = {
                scope: _own_tracer(self._own, scope) for scope in (SCOPE, EVAL_SCOPE) if self._own is not None
            }
            self.budget = _budget(settings, self._provider)
            watch_for_provider(self._provider_arrived)
        if settings.propagate_threads:
            propagate_into_threads()

    def divert(self, instead_of: Callable[[Sink], Sink]) -> None:
        """Put another sink in the place of each that is recorded into, or was and still may be."""
        with self._lock:
            self.sink = None if self.sink is None else instead_of(self.sink)
            for processor in tuple(self._led):
                processor.divert(instead_of)

    def switch_off(self) -> None:
        """Record no more; spans that are open still end into their old sink."""
        with self._lock:
            self.sink = None
            self.settings = None
            self.permalink = None
            self._provider = self._own = None
            self._reset()
            stop_watching()
        stop_propagating()

    def _reset(self) -> None:
        self._tracers.clear()
        self._origins = Origins(self.settings)
        self.origin = self._origins.of
        self._warned_of = None
        self.budget = _budget(self.settings, self._provider)

    def _provider_arrived(self) -> None:
        """Attach to a provider that the program sets after recording was switched on."""
        with self._lock:
            provider = program_provider()
            if self._provider is None and provider is not None and self.sink is not None:
                self._provider = self._attached(provider)
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

    def _choose(self, scope: str) -> Tracer:
        with self._lock:
            if self._is_choosing and scope in self._own_tracers:
                # A span of a signal handler in the middle of this. Ours will do for it, whatever is chosen.
                return self._own_tracers[scope]
            self._is_choosing = True
            try:
                return self._chosen_tracer(scope)
            finally:
                self._is_choosing = False

    def _chosen_tracer(self, scope: str) -> Tracer:
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
        """The program's provider, else ours, which becomes global."""
        provider = trace.get_tracer_provider()
        if isinstance(provider, ProxyTracerProvider) and self._own is not None:
            trace.set_tracer_provider(self._own)
            provider = trace.get_tracer_provider()
        return provider

    def _attached(self, provider: TracerProvider) -> TracerProvider:
        """`provider` with our processor on it, one at most."""
        with _ATTACHING:
            if self.sink is not None and self._can_arrive(provider):
                self._lead(_attached_processor(provider, self.sink), provider, self.sink)
        return provider

    def _lead(self, attached: SinkProcessor, provider: TracerProvider, sink: Sink) -> None:
        """Let the processor on `provider` ship what it is to ship, into `sink`."""
        is_own = isinstance(provider, OwnTracerProvider)
        is_selective = not is_own or (self.settings is not None and self.settings.filter_ai_spans)
        attached.lead_to(sink, accepts=is_shippable if is_selective else None, origins=self._origins)
        attached.look_at(provider_processors(provider))
        self._led.add(attached)

    def _can_arrive(self, provider: TracerProvider) -> bool:
        """False, said once, if no span of `provider` can reach us."""
        why = why_nothing_arrives(provider)
        if why is not None and self._warned_of is not provider:
            self._warned_of = provider
            say_that_nothing_arrives(why)
        return why is None


def _attached_processor(provider: TracerProvider, sink: Sink) -> SinkProcessor:
    """The processor that has been attached to `provider`; attaches one if there is none."""
    on_it = [one for one in flattened(provider_processors(provider)) if isinstance(one, SinkProcessor)]
    known = next((one for one in on_it if not one.standing.is_by_hand), getattr(provider, _ATTACHED, None))
    if known is None:
        known = SinkProcessor(sink)
        add_processor(provider, known)
        if known not in flattened(provider_processors(provider)):
            # A provider that does not show its processors: it is marked instead.
            setattr(provider, _ATTACHED, known)
    return known


def budget_of(settings: Settings | None, longest: int | None = None) -> Budget:
    """How many bytes one JSON attribute may have where the provider cuts text after `longest` characters.

    Media have an allowance of their own, unless there is such a limit.
    """
    if longest is not None:
        return Budget(min(_DEFAULT_BUDGET if settings is None else settings.max_attribute_bytes, longest))
    if settings is None:
        return Budget(_DEFAULT_BUDGET, media=_DEFAULT_MEDIA)
    media = settings.max_media_bytes if settings.convert_media else 0
    return Budget(settings.max_attribute_bytes, media=media)


def _budget(settings: Settings | None, provider: TracerProvider | None) -> Budget:
    """How many bytes one JSON attribute may have, so that no limit of the provider cuts its JSON."""
    with _ASKING_LIMITS:
        limits = getattr(provider, "_span_limits", None)
        return budget_of(
            settings, limits.max_span_attribute_length if isinstance(limits, SpanLimits) else None
        )
    return budget_of(settings)


def _own_tracer(provider: TracerProvider, scope: str) -> Tracer:
    """Our tracer at `provider`; at one of the SDK's with our ids and with experiments always sampled."""
    tracer = provider.get_tracer(scope, __version__)
    if isinstance(tracer, sdk_trace.Tracer) and tracer.id_generator is not _OWN_IDS:
        tracer.id_generator = _OWN_IDS
        tracer.sampler = always_in_experiments(tracer.sampler, scope)
    return tracer


_DEFAULT_BUDGET: int = 1 << 20
_DEFAULT_MEDIA: int = 32 << 20
_ATTACHED = "_spanscore_processor"
_SUPPRESS_KEY: str = getattr(otel_context, "_SUPPRESS_INSTRUMENTATION_KEY", "suppress_instrumentation")

RECORDING = Recording()
