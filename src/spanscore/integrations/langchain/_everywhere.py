"""A callback handler for all runs."""

from typing import Any, cast

from langchain_core.tracers.context import register_configure_hook

from spanscore.integrations.langchain._callbacks import SpanscoreCallbackHandler


class Everywhere:
    """The handler that LangChain gives to every run without one of its class; None: no handler.

    LangChain keeps what it is given for ever, and asks it as it would ask a context variable.
    """

    def __init__(self) -> None:
        self._handler: SpanscoreCallbackHandler | None = None
        self._is_registered = False

    def get(self) -> SpanscoreCallbackHandler | None:
        """The handler for a run that begins."""
        return self._handler

    def begin(self) -> None:
        """Give a handler to all runs that begin from now on."""
        if not self._is_registered:
            register_configure_hook(
                cast("Any", self), inheritable=True, handle_class=SpanscoreCallbackHandler
            )
            self._is_registered = True
        if self._handler is None:
            self._handler = SpanscoreCallbackHandler()

    def end(self) -> None:
        """Give none any more; runs that have one keep it."""
        handler, self._handler = self._handler, None
        if handler is not None:
            handler.release()


EVERYWHERE = Everywhere()
