"""The tracer provider that the program sets: which it is, and when it arrives."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from opentelemetry import trace
from opentelemetry.trace import ProxyTracerProvider, TracerProvider

from spanscore.tracing._guard import quietly

_ARRIVING = quietly("attaching to the program's tracer provider")
_ORIGINAL = "_spanscore_original"
_ASK: TracerProvider = ProxyTracerProvider()
# The function behind `trace.set_tracer_provider`, which programs import by name, and behind
# OTEL_PYTHON_TRACER_PROVIDER.
_NAME = "_set_tracer_provider" if hasattr(trace, "_set_tracer_provider") else "set_tracer_provider"


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


def watch_for_provider(arrived: Callable[[], None]) -> None:
    """Call `arrived` whenever a global provider has been set; undone by `stop_watching`. Idempotent."""
    original = getattr(trace, _NAME)
    if hasattr(original, _ORIGINAL):
        return

    @wraps(original)
    def set_provider(*args: Any, **kwargs: Any) -> None:
        original(*args, **kwargs)
        with _ARRIVING:
            arrived()

    setattr(set_provider, _ORIGINAL, original)
    setattr(trace, _NAME, set_provider)


def stop_watching() -> None:
    """Undo `watch_for_provider`, unless somebody has patched over it since."""
    original = getattr(getattr(trace, _NAME), _ORIGINAL, None)
    if original is not None:
        setattr(trace, _NAME, original)
