"""Spans in the contexts that LangChain makes for what it runs.

LangChain and LangGraph run chains, nodes and tools in copies of the current context, in which their own
configuration has been set. The span of the run is set there too: in no other context does it have to be taken
back again.
"""

import functools
import sys
import threading
from collections.abc import Callable
from typing import Any, Final

from opentelemetry import context as otel_context
from wrapt import register_post_import_hook

from spanscore import tracing
from spanscore.integrations._patch import Patch
from spanscore.integrations._run import run_of
from spanscore.integrations.langchain._runs import run_below

_MODULES: Final = (
    "langchain_core.runnables.config",
    "langchain_core.runnables.base",
    "langchain_core.runnables.fallbacks",
    "langchain_core.tools.base",
    "langgraph._internal._runnable",
    "langgraph.utils.runnable",
)
"""Where versions of both have or import the function that sets the configuration in a copied context."""

_FUNCTION: Final = "_set_config_context"
_entering = tracing.quietly("carrying a span into a LangChain run")


class _Carrying:
    """The replaced functions, for as long as somebody wants them."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._wanted = 0
        self._patch = Patch()
        self._hooked = False

    def begin(self) -> None:
        with self._lock:
            self._wanted += 1
            if self._wanted > 1:
                return
            self._patch = Patch()
            for name in _MODULES:
                if name in sys.modules:
                    self._replace(sys.modules[name])
                elif not self._hooked:
                    register_post_import_hook(self._imported, name)
            self._hooked = True

    def end(self) -> None:
        with self._lock:
            self._wanted -= 1
            if self._wanted == 0:
                self._patch.undo()

    def _imported(self, module: Any) -> None:
        with _entering, self._lock:
            if self._wanted:
                self._replace(module)

    def _replace(self, module: Any) -> None:
        original: Any = getattr(module, _FUNCTION, None)
        if original is not None:
            self._patch.replace(module, _FUNCTION, _carrying(original))


_CARRYING: Final = _Carrying()


def carry() -> Callable[[], None]:
    """Set the spans of runs in their contexts from now on; gives what ends that, once."""
    _CARRYING.begin()
    ended = threading.Lock()

    def end() -> None:
        if ended.acquire(blocking=False):
            _CARRYING.end()

    return end


def _carrying(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def set_config_context(config: Any, *args: Any, **kwargs: Any) -> Any:
        token = original(config, *args, **kwargs)
        with _entering:
            _enter(config)
        return token

    return set_config_context


def _enter(config: Any) -> None:
    run = run_below(getattr(config.get("callbacks"), "parent_run_id", None))
    current = tracing.current_context()
    if run is not None and run_of(current) is not run:
        otel_context.attach(run.below(current))
