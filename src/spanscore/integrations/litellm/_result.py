"""What a function of litellm has given, whole or a stream, and what follows for its call."""

from collections.abc import AsyncGenerator, Generator
from dataclasses import replace
from typing import Any, TypeVar, cast

from spanscore import tracing
from spanscore.integrations._call import Call
from spanscore.integrations._iterators import watched
from spanscore.integrations._reading import Reading, apassed_on, passed_on
from spanscore.integrations.litellm._parts import Chunks, chunks_of, stepping_inside
from spanscore.integrations.litellm._stream import PartsAccumulator

_Result = TypeVar("_Result")
_settling = tracing.quietly("recording an answer of litellm")


def follow(call: Call, result: _Result, received: list[Chunks]) -> _Result:
    """`result`, whose content goes onto the span now, or while the caller reads it.

    `received` are the lists in which streams inside the call keep what litellm gets.
    """
    with _settling:
        return _followed(call, result, received)
    call.end()
    return result


def _followed(call: Call, result: Any, received: list[Chunks]) -> Any:
    if call.is_recorded and _is_stream(result):
        return _watched(call, result, received)
    if call.is_recorded:
        call.respond(result)
    call.end()
    return result


def _is_stream(result: Any) -> bool:
    kind = cast("type[Any]", type(result))
    return hasattr(kind, "__next__") or hasattr(kind, "__anext__")


def _watched(call: Call, stream: Any, received: list[Chunks]) -> Any:
    """The stream; the same object, unless it is a generator, whose class nobody can exchange."""
    reading = _reading(call, stream, received)
    if isinstance(stream, Generator):
        return passed_on(cast("Generator[Any, None, None]", stream), lambda: reading, Reading.add_chunk)
    if isinstance(stream, AsyncGenerator):
        return apassed_on(cast("AsyncGenerator[Any, None]", stream), lambda: reading, Reading.add_chunk)
    if _is_routers(stream):
        stepping_inside(stream, call.context, received)
    return watched(stream, reading)


def _is_routers(stream: Any) -> bool:
    """Whether a router has made the stream, in a class of its own, to go on with another if it breaks."""
    kind = cast("type[Any]", type(stream))
    return kind.__module__ == "litellm.router" and "<locals>" in kind.__qualname__


def _reading(call: Call, stream: Any, received: list[Chunks]) -> Reading:
    """The reading of a stream, to whose accumulator the chunks are known that litellm itself has got."""
    make = call.endpoint.accumulator
    accumulator = make() if make is not None else None
    if isinstance(accumulator, PartsAccumulator):
        own = chunks_of(stream)
        if own is not None and not any(chunks is own for chunks in received):
            received.append(own)
        accumulator.received = received
    if accumulator is not None:
        call.endpoint = replace(call.endpoint, accumulator=lambda: accumulator)
    return Reading(call, is_stream=True)
