"""Calls of the program's tools by a client's tool runner."""

import functools
import inspect
import sys
from collections.abc import Callable, Iterator
from typing import Any, Final

from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.context import Context

from spanscore import tracing
from spanscore.integrations._endpoint import Description
from spanscore.integrations._patch import Patch
from spanscore.integrations._plain import plain
from spanscore.integrations._run import Run
from spanscore.integrations.anthropic._own_spans import StandIn
from spanscore.wire import attributes

TOOLS: Final = "anthropic.lib.tools"
"""Where runners and tools are; versions without them have no such module."""

_KINDS: Final = ("BetaFunctionTool", "BetaBuiltinFunctionTool", "BetaRunnableToolset")
_ASYNC_KINDS: Final = ("BetaAsyncFunctionTool", "BetaAsyncBuiltinFunctionTool", "BetaAsyncRunnableToolset")
_MARK: Final = "_spanscore_records"
_WORKER: Final = otel_context.create_key("spanscore-anthropic-tools")

_preparing = tracing.quietly("preparing to record a tool")
_describing = tracing.quietly("describing what a tool gives")


def is_at_work() -> bool:
    """True where a tool runner that is recorded, or a tool that it calls, is working."""
    context = tracing.current_context()
    return _WORKER in context or isinstance(trace.get_current_span(context), StandIn)


def is_working(worker: Any) -> bool:
    """True where this very runner or tool is the innermost that is working, and is recorded already."""
    return tracing.current_context().get(_WORKER) is worker


def at_work(run: Run, worker: Any) -> Run:
    """`run`, which is that of the runner or tool `worker`."""
    run.context = Context({**run.context, _WORKER: worker})
    return run


def hook_tools(patch: Patch) -> None:
    """Record the calls of all tools that there are, when recorded runners make them; may be repeated."""
    for names, recorded in ((_KINDS, _recorded), (_ASYNC_KINDS, _recorded_async)):
        for name in names:
            root = getattr(sys.modules.get(TOOLS), name, None)
            for kind in _with_descendants(root) if isinstance(root, type) else ():
                call = vars(kind).get("call")
                if inspect.isfunction(call) and not hasattr(call, _MARK):
                    patch.replace(kind, "call", recorded(call))


def _with_descendants(kind: type[Any]) -> Iterator[type[Any]]:
    yield kind
    for below in type.__subclasses__(kind):
        yield from _with_descendants(below)


def _recorded(call: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(call)
    def method(tool: Any, *args: Any, **kwargs: Any) -> Any:
        run = _begin(tool, args, kwargs)
        if run is None:
            return call(tool, *args, **kwargs)
        with run:
            result = call(tool, *args, **kwargs)
        return _end(run, result)

    setattr(method, _MARK, True)
    return method


def _recorded_async(call: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(call)
    async def method(tool: Any, *args: Any, **kwargs: Any) -> Any:
        run = _begin(tool, args, kwargs)
        if run is None:
            return await call(tool, *args, **kwargs)
        with run:
            result = await call(tool, *args, **kwargs)
        return _end(run, result)

    setattr(method, _MARK, True)
    return method


def _begin(tool: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Run | None:
    """The run of a tool's `call(input)`, or of a set's `call(context, name, input)`; None outside runners."""
    if not tracing.is_recording() or not is_at_work() or is_working(tool):
        return None
    with _preparing:
        name = args[1] if len(args) > 1 else kwargs.get("name") or tool.name
        given = kwargs.get("input", args[-1] if args else None)
        run = at_work(Run(str(name), span_type="tool"), tool)
        told = {attributes.GEN_AI_OPERATION_NAME: "execute_tool", attributes.GEN_AI_TOOL_NAME: str(name)}
        run.describe(Description(input=plain(given), attributes=told))
        return run
    return None


def _end(run: Run, result: Any) -> Any:
    with _describing:
        run.describe(Description(output=plain(result)))
    run.end()
    return result
