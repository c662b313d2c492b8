"""Streams that are objects of a client's own, watched while their caller reads them."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from spanscore.integrations._reading import Reading

_READING: Final = "_spanscore_reading"
_WATCHED: Final = "_spanscore_watched_class"

_Stream = TypeVar("_Stream")


def watched(stream: _Stream, reading: Reading) -> _Stream:
    """`stream` itself, whose chunks `reading` sees; the reading ends with it, also when it is forgotten.

    The stream is an object with `__next__` or `__anext__`, or both, and perhaps with `close` or `aclose`.
    Its class is exchanged for a subclass, so that it stays an instance of what it was. One of the methods may
    call another: the outer one counts.
    """
    reading.expect_chunks()
    kind: type[Any] = type(stream)
    stream.__class__ = _watched_class(kind)
    setattr(stream, _READING, reading)
    reading.end_with(stream)
    return stream


def _watched_class(base: type[Any]) -> type[Any]:
    # The class has its subclass itself: a cache would keep those that a client makes for one call each.
    if _WATCHED not in vars(base):
        setattr(base, _WATCHED, _new_watched_class(base))
    return vars(base)[_WATCHED]


def _new_watched_class(base: type[Any]) -> type[Any]:
    known = {"__next__": _next, "__anext__": _anext, "close": _close, "aclose": _aclose}
    methods = {name: make(base) for name, make in known.items() if hasattr(base, name)}
    naming = {"__module__": base.__module__, "__qualname__": base.__qualname__, "__doc__": base.__doc__}
    return type(base.__name__, (base,), {**naming, **methods})


def _next(base: type[Any]) -> Callable[..., Any]:
    def __next__(stream: Any) -> Any:  # noqa: N807 - it becomes that method
        reading: Reading = getattr(stream, _READING)
        if reading.is_stepping:
            return base.__next__(stream)
        reading.is_stepping = True
        try:
            chunk = base.__next__(stream)
        except StopIteration:
            reading.finish()
            raise
        except BaseException as error:
            reading.finish(error)
            raise
        reading.add_chunk(chunk)
        reading.is_stepping = False
        return chunk

    return __next__


def _anext(base: type[Any]) -> Callable[..., Any]:
    async def __anext__(stream: Any) -> Any:  # noqa: N807 - it becomes that method
        reading: Reading = getattr(stream, _READING)
        if reading.is_stepping:
            return await base.__anext__(stream)
        reading.is_stepping = True
        try:
            chunk = await base.__anext__(stream)
        except StopAsyncIteration:
            reading.finish()
            raise
        except BaseException as error:
            reading.finish(error)
            raise
        reading.add_chunk(chunk)
        reading.is_stepping = False
        return chunk

    return __anext__


def _close(base: type[Any]) -> Callable[..., Any]:
    def close(stream: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return base.close(stream, *args, **kwargs)
        finally:
            getattr(stream, _READING).close()

    return close


def _aclose(base: type[Any]) -> Callable[..., Any]:
    async def aclose(stream: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return await base.aclose(stream, *args, **kwargs)
        finally:
            getattr(stream, _READING).close()

    return aclose
