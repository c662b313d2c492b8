"""Carries the current span into threads and thread pools."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial, wraps
from typing import Any

from opentelemetry import context as otel_context
from opentelemetry.context import Context

from spanscore.tracing._guard import quietly

_CARRYING = quietly("carrying the current span into a thread")


def propagate_into_threads() -> None:
    """Let threads and tasks of thread pools start with the OpenTelemetry context of who starts them.

    `asyncio.to_thread` and tasks do that by themselves. Idempotent; undone by `stop_propagating`.
    """
    if not hasattr(threading.Thread.start, _ORIGINAL):
        _replace(threading.Thread, "start", _starting(threading.Thread.start))
    if not hasattr(ThreadPoolExecutor.submit, _ORIGINAL):
        _replace(ThreadPoolExecutor, "submit", _submitting(ThreadPoolExecutor.submit))


def stop_propagating() -> None:
    """Undo `propagate_into_threads`, unless somebody has patched over it since."""
    for owner, name in ((threading.Thread, "start"), (ThreadPoolExecutor, "submit")):
        original = getattr(getattr(owner, name), _ORIGINAL, None)
        if original is not None:
            setattr(owner, name, original)


_ORIGINAL = "_spanscore_original"


def _replace(owner: type, name: str, replacement: Callable[..., Any]) -> None:
    setattr(replacement, _ORIGINAL, getattr(owner, name))
    setattr(owner, name, replacement)


def _starting(original: Callable[..., None]) -> Callable[..., None]:
    @wraps(original)
    def start(self: threading.Thread) -> None:
        with _CARRYING:
            context = otel_context.get_current()
            if context:
                # On the instance: a subclass with a `run` of its own is carried into as well.
                self.run = partial(_run_in, context, self.run)
        original(self)

    return start


def _submitting(original: Callable[..., Future[Any]]) -> Callable[..., Future[Any]]:
    @wraps(original)
    def submit(self: ThreadPoolExecutor, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        # An empty context is carried too: the pool's thread may have been started, and so placed, below a
        # span.
        return original(self, partial(_run_in, otel_context.get_current(), fn), *args, **kwargs)

    return submit


def _run_in(context: Context, call: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    previous = otel_context.get_current()
    otel_context.attach(context)
    try:
        return call(*args, **kwargs)
    finally:
        # A pool's thread lives on: the next task must not find this one's span.
        otel_context.attach(previous)
