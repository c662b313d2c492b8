"""The source: the user's data, in any of its forms, read one case at a time."""

import asyncio
import inspect
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Generator,
    Iterable,
    Iterator,
    Mapping,
    Sized,
)
from typing import Any, Final, cast

from spanscore.errors import EvalError
from spanscore.evals._case import EvalCase, to_case

_END: Final = object()
_FORMS: Final = "a list, iterable or generator of cases, or a function that returns one"


class Source:
    """Cases in the order of the data, given to whoever asks next; nothing is read before it is asked for.

    A plain iterator is stepped in the thread of the event loop, because what it reads from (a database
    cursor, say) may be bound to that thread. Data that waits for something is best an async generator.

    `total` is the number of cases where the data says it, else None.
    """

    def __init__(self, data: Iterable[Any] | AsyncIterable[Any]) -> None:
        self.total = len(data) if isinstance(data, Sized) else None
        self._iterator: Iterator[Any] = iter(data) if isinstance(data, Iterable) else iter(())
        self._stream: AsyncIterator[Any] | None = aiter(data) if isinstance(data, AsyncIterable) else None
        self._lock = asyncio.Lock()
        self._read = 0
        self._open = True

    async def next(self) -> EvalCase | None:
        """The next case; None after the last. What the data raises, and CaseError, ends the source."""
        if not self._open:
            return None
        try:
            value = next(self._iterator, _END) if self._stream is None else await self._awaited(self._stream)
            if value is not _END:
                self._read += 1
                return to_case(value, self._read)
        except BaseException:
            self._open = False
            raise
        self._open = False
        return None

    async def _awaited(self, stream: AsyncIterator[Any]) -> Any:
        async with self._lock:  # an async generator may be asked by one at a time
            return await anext(stream, _END) if self._open else _END

    def stop(self) -> None:
        """Give out no more cases."""
        self._open = False

    async def close(self) -> None:
        """Stop, and let a generator run its cleanup; nobody may be waiting for a case."""
        self.stop()
        iterator, stream = cast("Any", self._iterator), cast("Any", self._stream)
        if isinstance(iterator, Generator):
            iterator.close()
        if isinstance(stream, AsyncGenerator):
            await stream.aclose()


async def open_source(data: Any) -> Source:
    """The source of `data`; functions are called, coroutines awaited and classes instantiated on the way.

    Raises EvalError when that does not end in cases, and whatever the user's function raises.
    """
    found: Any = data
    for _ in range(4):
        if isinstance(found, type) or not isinstance(found, (Iterable, AsyncIterable)):
            if inspect.isawaitable(found):
                found = await found
            elif callable(found):
                found = found()
            else:
                break
    if isinstance(found, (str, bytes, Mapping, type)) or not isinstance(found, (Iterable, AsyncIterable)):
        kind = type(cast("object", found)).__name__
        raise EvalError(f"data is a {kind}; give {_FORMS}")
    return Source(cast("Iterable[Any] | AsyncIterable[Any]", found))
