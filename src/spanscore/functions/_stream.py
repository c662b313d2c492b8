"""A streamed answer, piece by piece and as a whole."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any, Final

from spanscore._json import from_json
from spanscore.errors import InvokeError
from spanscore.functions._chunks import (
    BraintrustErrorChunk,
    BraintrustJsonChunk,
    BraintrustStreamChunk,
    BraintrustTextChunk,
)

_END: Final = object()


class _Shared:
    """Chunks that several streams read, each at its own place; they are read once, and kept."""

    def __init__(self, chunks: Iterable[BraintrustStreamChunk]) -> None:
        self._iterator = iter(chunks)
        self._read: list[BraintrustStreamChunk] = []
        self._error: Exception | None = None
        self._lock = threading.Lock()

    def at(self, place: int) -> BraintrustStreamChunk | None:
        with self._lock:
            if place < len(self._read):
                return self._read[place]
            if self._error is not None:
                raise self._error
            try:
                self._read.append(next(self._iterator))
            except StopIteration:
                return None
            except Exception as error:
                self._error = error
                raise
            return self._read[place]


class BraintrustStream:
    """The chunks of an answer, in a `for` or an `async for` loop; `final_value()` is what they make together.

    It is read as it comes. `copy()` is a stream of what this one has yet to give, to be read by itself.

    >>> stream = BraintrustStream([BraintrustTextChunk("Hel"), BraintrustTextChunk("lo")])
    >>> stream.copy().final_value()
    'Hello'
    >>> [chunk.data for chunk in stream]
    ['Hel', 'lo']
    """

    def __init__(self, chunks: "Iterable[BraintrustStreamChunk] | _Shared", *, place: int = 0) -> None:
        self._shared = chunks if isinstance(chunks, _Shared) else _Shared(chunks)
        self._place = place
        self._value: Any = _END

    def copy(self) -> "BraintrustStream":
        """A stream of the same chunks, which can be read by itself."""
        return BraintrustStream(self._shared, place=self._place)

    def final_value(self) -> Any:
        """The text or the value that the chunks that are left make; None of none.

        Raises InvokeError with what the function failed with.
        """
        if self._value is _END:
            self._value = _combined(self)
        return self._value

    async def final_value_async(self) -> Any:
        """The same, without keeping the event loop waiting."""
        return await asyncio.to_thread(self.final_value)

    def __iter__(self) -> Iterator[BraintrustStreamChunk]:
        while (chunk := self._next()) is not None:
            yield chunk

    async def __aiter__(self) -> AsyncIterator[BraintrustStreamChunk]:
        while (chunk := await asyncio.to_thread(self._next)) is not None:
            yield chunk

    def _next(self) -> BraintrustStreamChunk | None:
        chunk = self._shared.at(self._place)
        self._place += chunk is not None
        return chunk


def parse_stream(stream: BraintrustStream) -> Any:
    """The value of a stream; see `BraintrustStream.final_value`."""
    return stream.final_value()


def _combined(chunks: Iterable[BraintrustStreamChunk]) -> Any:
    texts: list[str] = []
    values: list[str] = []
    for chunk in chunks:
        if isinstance(chunk, BraintrustErrorChunk):
            raise InvokeError(chunk.data)
        if isinstance(chunk, BraintrustJsonChunk):
            values.append(chunk.data)
        elif isinstance(chunk, BraintrustTextChunk):
            texts.append(chunk.data)
    if not values:
        return "".join(texts) if texts else None
    text = "".join(values)
    try:
        return from_json(text)
    except ValueError as error:
        raise InvokeError(f"the answer ended before its JSON was whole: {text[-200:]}") from error
