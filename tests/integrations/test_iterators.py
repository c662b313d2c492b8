"""A stream stays the object it was; its reading ends with it: exhausted, broken, closed or forgotten."""

import gc
import weakref
from collections.abc import Callable
from typing import Any

import pytest
from opentelemetry.trace import StatusCode

from echo_provider import ECHO, PROVIDER
from span_reading import told
from spanscore.integrations._endpoint import Request
from spanscore.integrations._function import begin
from spanscore.integrations._iterators import watched
from spanscore.integrations._reading import Reading
from spanscore.testing import RecordedRecords

pytestmark = pytest.mark.core


class Stream:
    """Of strings; "!" is an error."""

    def __init__(self, *parts: str) -> None:
        self.parts = list(parts)
        self.closed = 0

    def __iter__(self) -> "Stream":
        return self

    def __next__(self) -> str:
        if not self.parts:
            raise StopIteration
        if self.parts[0] == "!":
            raise ConnectionError("!")
        return self.parts.pop(0)

    def close(self) -> str:
        self.closed += 1
        return "closed"


class AsyncStream(Stream):
    def __aiter__(self) -> "AsyncStream":
        return self

    async def __anext__(self) -> str:
        try:
            return self.__next__()
        except StopIteration:
            raise StopAsyncIteration from None

    async def aclose(self) -> str:
        return self.close()


def streamed(stream: Any) -> Any:
    call = begin(PROVIDER, ECHO, None, Request(body={"text": "hi"}))
    assert call is not None
    with call:
        pass
    return watched(stream, Reading(call, is_stream=True))


def test_it_is_the_same_object_and_ends_with_its_last_chunk(recorded: RecordedRecords) -> None:
    given = Stream("h", "i")
    stream = streamed(given)
    assert (stream is given, isinstance(stream, Stream), type(stream).__name__) == (True, True, "Stream")
    assert next(stream) == "h"
    assert recorded.spans == []
    assert list(stream) == ["i"]
    assert [told(span)["output"] for span in recorded.spans] == ["hi"]


async def test_asynchronously(recorded: RecordedRecords) -> None:
    assert [part async for part in streamed(AsyncStream("h", "i"))] == ["h", "i"]
    broken = streamed(AsyncStream("h", "!"))
    with pytest.raises(ConnectionError):
        [part async for part in broken]
    left = streamed(AsyncStream("h", "i"))
    assert await anext(left) == "h"
    assert await left.aclose() == "closed"
    assert [told(span)["output"] for span in recorded.spans] == ["hi", "h", "h"]


def test_an_error_is_recorded_with_what_came_before(recorded: RecordedRecords) -> None:
    stream = streamed(Stream("h", "!"))
    with pytest.raises(ConnectionError):
        list(stream)
    (span,) = recorded.spans
    assert (told(span)["output"], span.status.status_code) == ("h", StatusCode.ERROR)


def forget(stream: Stream) -> None:
    del stream
    gc.collect()


@pytest.mark.parametrize("leave", [Stream.close, forget])
def test_a_stream_that_is_left_ends_its_span(
    leave: Callable[[Stream], Any], recorded: RecordedRecords
) -> None:
    streams = [streamed(Stream("h", "i"))]
    next(streams[0])
    if leave is forget:
        forget(streams.pop())
    else:
        assert streams[0].close() == "closed"
        assert streams[0].closed == 1
    assert [told(span)["output"] for span in recorded.spans] == ["h"]


def test_a_class_that_was_made_for_one_stream_goes_with_it(recorded: RecordedRecords) -> None:
    class Local(Stream):
        pass

    assert list(streamed(Local("h"))) == ["h"]
    left = weakref.ref(Local)
    del Local
    gc.collect()
    assert left() is None
