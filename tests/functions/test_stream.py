"""A streamed answer: piece by piece, as a whole, copied."""

from collections.abc import Iterator

import pytest

from spanscore.errors import InvokeError
from spanscore.functions import (
    BraintrustConsoleChunk,
    BraintrustErrorChunk,
    BraintrustJsonChunk,
    BraintrustStream,
    BraintrustStreamChunk,
    BraintrustTextChunk,
    parse_stream,
)

pytestmark = pytest.mark.core

HEL, LO = BraintrustTextChunk("Hel"), BraintrustTextChunk("lo")


def test_it_is_read_as_it_comes() -> None:
    read: list[str] = []

    def chunks() -> Iterator[BraintrustStreamChunk]:
        for chunk in (HEL, LO):
            read.append(chunk.data)
            yield chunk

    stream = BraintrustStream(chunks())
    first = next(iter(stream))
    assert (first, read) == (HEL, ["Hel"])
    assert list(stream) == [LO]


@pytest.mark.parametrize(
    ("chunks", "value"),
    [
        ([HEL, LO], "Hello"),
        ([BraintrustJsonChunk('{"a"'), BraintrustJsonChunk(":[1]}")], {"a": [1]}),
        ([BraintrustConsoleChunk("printed", "stdout"), HEL], "Hel"),
        ([HEL, BraintrustJsonChunk("3")], 3),
        ([], None),
    ],
)
def test_its_value_is_what_the_pieces_make(chunks: list[BraintrustStreamChunk], value: object) -> None:
    stream = BraintrustStream(chunks)
    assert (stream.final_value(), parse_stream(stream)) == (value, value)


def test_what_the_function_failed_with_is_raised() -> None:
    stream = BraintrustStream([HEL, BraintrustErrorChunk("it failed")])
    with pytest.raises(InvokeError, match="it failed"):
        stream.final_value()


def test_json_that_is_not_whole_is_an_error() -> None:
    with pytest.raises(InvokeError, match=r'the answer ended before its JSON was whole: \{"a"'):
        BraintrustStream([BraintrustJsonChunk('{"a"')]).final_value()


def test_a_copy_is_read_by_itself() -> None:
    stream = BraintrustStream(iter([HEL, LO]))
    next(iter(stream))
    copy = stream.copy()
    assert (list(copy), list(stream), copy.final_value()) == ([LO], [LO], None)


def test_an_error_of_the_connection_reaches_every_copy() -> None:
    def chunks() -> Iterator[BraintrustStreamChunk]:
        yield HEL
        raise OSError("broke off")

    stream = BraintrustStream(chunks())
    for each in (stream.copy(), stream):
        with pytest.raises(OSError, match="broke off"):
            list(each)


async def test_it_can_be_read_without_keeping_the_loop_waiting() -> None:
    stream = BraintrustStream(iter([HEL, LO]))
    copy = stream.copy()
    assert [chunk async for chunk in stream] == [HEL, LO]
    assert await copy.final_value_async() == "Hello"
