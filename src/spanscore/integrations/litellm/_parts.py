"""Calls of litellm that are part of another one: what they get of a stream is that one's too."""

from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar, cast

from opentelemetry import context as otel_context
from opentelemetry.context import Context

from spanscore import tracing

Chunks = list[Any]

_RECEIVED: Final = otel_context.create_key("spanscore-litellm-received")
_CONTEXT: Final = "_spanscore_context"

_Result = TypeVar("_Result")
_Stream = TypeVar("_Stream")
_noting = tracing.quietly("noting a part of a call of litellm")


def gathering(received: list[Chunks]) -> "_Inside":
    """A context manager: while it is open, chunks that calls inside receive go to `received`."""
    return _Inside(Context({**tracing.current_context(), _RECEIVED: received}))


def noted(result: _Result) -> _Result:
    """`result` of a call inside another: the list of what a stream receives is told to the outer one."""
    received = tracing.current_context().get(_RECEIVED)
    if isinstance(received, list):
        with _noting:
            chunks = chunks_of(result)
            if chunks is not None:
                cast("list[Chunks]", received).append(chunks)
    return result


def chunks_of(stream: Any) -> Chunks | None:
    """The list in which a stream of litellm's keeps the chunks that it has received; None if it has none."""
    for owner in (stream, getattr(stream, "completion_stream", None)):
        chunks = getattr(owner, "chunks", None)
        if isinstance(chunks, list):
            return cast("Chunks", chunks)
    return None


def stepping_inside(stream: _Stream, context: Context, received: list[Chunks]) -> _Stream:
    """`stream` itself, whose steps are part of a call: a router's stream falls back by making another one."""
    kind = cast("type[Any]", type(stream))
    stream.__class__ = _stepping_class(kind)
    setattr(stream, _CONTEXT, Context({**context, _RECEIVED: received}))
    return stream


def _stepping_class(base: type[Any]) -> type[Any]:
    # A router makes a class of its own for each stream, so that there is nothing to share.
    known = {"__next__": _next, "__anext__": _anext}
    methods = {name: make(base) for name, make in known.items() if hasattr(base, name)}
    naming = {"__module__": base.__module__, "__qualname__": base.__qualname__, "__doc__": base.__doc__}
    return type(base.__name__, (base,), {**naming, **methods})


def _next(base: type[Any]) -> Callable[[Any], Any]:
    def __next__(stream: Any) -> Any:  # noqa: N807 - it becomes that method
        with _Inside(getattr(stream, _CONTEXT)):
            return base.__next__(stream)

    return __next__


def _anext(base: type[Any]) -> Callable[[Any], Awaitable[Any]]:
    async def __anext__(stream: Any) -> Any:  # noqa: N807 - it becomes that method
        with _Inside(getattr(stream, _CONTEXT)):
            return await base.__anext__(stream)

    return __anext__


class _Inside:
    """A context manager; a generator's would turn the StopIteration that ends a stream into an error."""

    __slots__ = ("_before", "_context")

    def __init__(self, context: Context) -> None:
        self._context = context

    def __enter__(self) -> None:
        self._before = tracing.current_context()
        tracing.attach(self._context)

    def __exit__(self, *_: object) -> None:
        # A coroutine that is thrown away may be closed in another context, which is not ours to change.
        if tracing.current_context() is self._context:
            tracing.attach(self._before)
