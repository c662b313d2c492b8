"""Subclasses of a client's stream classes whose chunks a reading sees."""

import types
from collections.abc import AsyncGenerator, Generator
from functools import cache
from typing import Any, get_args, get_origin

from spanscore.integrations._reading import Reading, apassed_on, passed_on
from spanscore.integrations._response import reading_of


def watched_stream_class(stream_class: Any) -> Any:
    """The subclass of a stream class, parameterised alike: for `Stream[Chunk]` a `Stream[Chunk]`."""
    watched = _watched_class(get_origin(stream_class) or stream_class)
    arguments = get_args(stream_class)
    return watched[arguments] if arguments else watched


@cache
def _watched_class(base: Any) -> Any:
    def chunks_of(stream: Any) -> Any:
        # `__next__`, `__iter__` and the client's helpers all draw from this generator. It is made with the
        # stream, before the response is watched: the reading is looked up at the first chunk.
        chunks = base.__stream__(stream)
        if not isinstance(chunks, Generator | AsyncGenerator):
            # A class of the program's own: the response sees the body pass by.
            return chunks
        pass_on: Any = apassed_on if isinstance(chunks, AsyncGenerator) else passed_on
        return pass_on(chunks, lambda: _chunk_reading(stream.response), Reading.add_chunk)

    naming = {"__module__": base.__module__, "__qualname__": base.__qualname__, "__doc__": base.__doc__}
    parameters = getattr(base, "__parameters__", ())
    # Generic again: the client indexes the class that it is given, and asks it for its argument.
    bases = (base[parameters],) if parameters else (base,)
    watched: Any = types.new_class(
        base.__name__, bases, exec_body=lambda body: body.update(naming, __stream__=chunks_of)
    )
    if parameters:
        # The client looks there for its own class, and no further.
        watched.__orig_bases__ += getattr(base, "__orig_bases__", ())
    return watched


def _chunk_reading(response: Any) -> Reading | None:
    reading = reading_of(response)
    if reading is not None:
        reading.expect_chunks()
    return reading
