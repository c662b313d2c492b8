"""An answer that arrives in pieces, as far as its caller has read it."""

import os
import threading
import weakref
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import aclosing, closing
from types import TracebackType
from typing import Any, Final, TypeVar

from spanscore import tracing
from spanscore.integrations._call import Call
from spanscore.integrations._plain import json_value
from spanscore.integrations._unreadable import json_problem

BODY_LIMIT: Final = 4 << 20
"""Bytes kept of a body that the caller reads by itself; a longer one is described by what these bytes say."""

_checking = tracing.quietly("checking an answer's body")
_merging = tracing.quietly("putting a stream together")
_finishing = tracing.quietly("describing a stream")


class Reading:
    """Collects what passes by; ends the call when the answer is exhausted, closed, broken off or forgotten.

    Pieces are either the chunks that the client's stream yields or, where the caller reads the body itself,
    its bytes. While the caller's read is running `is_stepping` is true: closing then is part of the step,
    whose outcome (a chunk, the end, an error) is known only afterwards. With `is_json` a body that was read
    to its end and is no JSON ends the call with the error that the client raises when it parses it.
    """

    __slots__ = (
        "_accumulator",
        "_body",
        "_call",
        "_finished",
        "_first_s",
        "_has_chunks",
        "_is_json",
        "_is_stream",
        "_size",
        "is_stepping",
    )

    def __init__(self, call: Call, *, is_stream: bool, is_json: bool = False) -> None:
        self._call = call
        self._is_stream = is_stream
        self._is_json = is_json
        self._accumulator = call.endpoint.accumulator() if call.endpoint.accumulator else None
        self._body: list[bytes] | None = []
        self._size = 0
        self._first_s: float | None = None
        self._has_chunks = False
        self._finished = threading.Lock()
        self.is_stepping = False

    @property
    def wants_body(self) -> bool:
        """False once the chunks are known: the body would tell the same again."""
        return self._body is not None

    def expect_chunks(self) -> None:
        """The client's own stream is being read: its chunks will be added, the body is not needed."""
        self._body = None

    def add_chunk(self, chunk: Any) -> None:
        """Take a chunk; merged at once, since keeping chunks costs more, in memory and in collections."""
        self._has_chunks = True
        with _merging:
            if self._accumulator is not None and self._accumulator.add(chunk) is False:
                return
        if self._first_s is None:
            self._first_s = self._call.elapsed_s

    def add_bytes(self, part: bytes) -> None:
        """Take a decoded part of the body, as far as the budget goes."""
        if self._first_s is None:
            self._first_s = self._call.elapsed_s
        if self._body is not None and self._size < BODY_LIMIT:
            self._body.append(part[: BODY_LIMIT - self._size])
            self._size += len(part)

    def close(self) -> None:
        """The response was closed: the answer ends here, unless a step that is running says how."""
        if not self.is_stepping:
            self.finish()

    def end_with(self, response: Any) -> None:
        """Finish when `response` is collected or the process ends: this one, not a forked child of it."""
        weakref.finalize(response, self._forget, os.getpid())

    def finish(self, error: BaseException | None = None) -> None:
        """Describe what was read and end the call; does so the first time only."""
        # Taken and never given back: a stream may be closed by one thread and collected in another.
        if not self._finished.acquire(blocking=False):
            return
        with _finishing:
            self._describe()
        if error is not None:
            self._call.fail(error)
        self._call.end()

    def _forget(self, process_id: int) -> None:
        if os.getpid() == process_id:
            self.finish()

    def __enter__(self) -> None:
        self.is_stepping = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # A generator that is broken off is no error; closing the response has finished the reading already.
        if not isinstance(error, GeneratorExit):
            self.finish(self._problem() if error is None else error)

    def _problem(self) -> ValueError | None:
        """What is wrong with a body that was read to its end; nothing with one that is not kept whole."""
        with _checking:
            if self._is_json and self._body is not None and self._size <= BODY_LIMIT:
                return json_problem(b"".join(self._body))
        return None

    def _describe(self) -> None:
        body = b"".join(self._body or ())
        if body and not self._is_stream:
            self._call.respond(self._call.endpoint.decode(body))
            return
        for chunk in sse_data(body):
            self.add_chunk(chunk)
        if (self._has_chunks or self._first_s is not None) and self._accumulator is not None:
            self._call.respond(self._accumulator.response(), first_token_s=self._first_s)


_Piece = TypeVar("_Piece")


def passed_on(
    pieces: Generator[_Piece, None, None],
    find: Callable[[], Reading | None],
    take: Callable[[Reading, _Piece], None],
) -> Generator[_Piece, None, None]:
    """`pieces` as they are asked for, each taken by the reading that `find` gives before the first one."""
    reading = find()
    if reading is None:
        yield from pieces
        return
    with reading, closing(pieces):
        for piece in pieces:
            take(reading, piece)
            reading.is_stepping = False
            yield piece
            reading.is_stepping = True


async def apassed_on(
    pieces: AsyncGenerator[_Piece, None],
    find: Callable[[], Reading | None],
    take: Callable[[Reading, _Piece], None],
) -> AsyncGenerator[_Piece, None]:
    """The same for an asynchronous generator."""
    async with aclosing(pieces):
        reading = find()
        if reading is None:
            async for piece in pieces:
                yield piece
            return
        with reading:
            async for piece in pieces:
                take(reading, piece)
                reading.is_stepping = False
                yield piece
                reading.is_stepping = True


def sse_data(body: bytes) -> list[Any]:
    """The JSON values in the `data:` lines of a server-sent event stream; what is no JSON is left out."""
    # Lines of bytes: str.splitlines would also split at U+2028, which JSON strings may contain.
    lines = (line for line in body.splitlines() if line.startswith(b"data:"))
    return [value for line in lines if (value := json_value(line[5:])) is not None]
