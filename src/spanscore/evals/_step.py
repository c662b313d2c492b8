"""The step: a span while a function of the user's runs below it."""

import asyncio
from types import TracebackType
from typing import Any, Final

from opentelemetry import context as otel_context
from opentelemetry.context import Context
from opentelemetry.trace import Span

from spanscore.tracing import quietly, record_error

_RECORDING_ERROR: Final = quietly("recording the error of a task or scorer")


class ContainedError(Exception):
    """Carries what a user's function raised through an event loop that it would end, such as SystemExit."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(str(type(error)))
        self.error = error


class Step:
    """A span while the user's function runs below it; as a context manager it keeps what the function raises.

    What is no failure of the function, such as the cancellation of the eval or Ctrl-C, is recorded and goes
    on.
    """

    __slots__ = ("_context", "_token", "error", "span")

    def __init__(self, span: Span, context: Context) -> None:
        self.span = span
        self.error: BaseException | None = None
        self._context = context
        self._token: Any = None

    def __enter__(self) -> "Step":
        self._token = otel_context.attach(self._context)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        # A coroutine that was given up is closed by the collector, in whatever context that runs.
        if self._token is not None and kind is not GeneratorExit:
            otel_context.detach(self._token)
        if error is None:
            return False
        is_failure = isinstance(error, ContainedError) or _is_failure(error)
        self.error = error.error if isinstance(error, ContainedError) else error
        with _RECORDING_ERROR:
            record_error(self.span, self.error)
        if not is_failure:
            self.span.end()
        return is_failure


def _is_failure(error: BaseException) -> bool:
    """True if the user's function failed, False if the eval is being stopped."""
    if isinstance(error, Exception):
        return True
    try:
        task = asyncio.current_task()
    except RuntimeError:  # in a thread, where nothing of ours is ever cancelled or interrupted
        return True
    if isinstance(error, asyncio.CancelledError):
        # Before Python 3.11 nobody can tell whether it was meant for us, so it was.
        cancelling = getattr(task, "cancelling", None)
        return cancelling is not None and cancelling() == 0
    return not isinstance(error, (KeyboardInterrupt, GeneratorExit))
