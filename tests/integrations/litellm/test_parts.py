"""A call that is part of another one leaves what its streams receive to that one."""

from typing import Any

import pytest
from opentelemetry import context as otel_context
from opentelemetry.context import Context

from spanscore.integrations.litellm._parts import chunks_of, gathering, noted, stepping_inside


class Stream:
    def __init__(self, *parts: Any) -> None:
        self.chunks = list(parts)
        self.seen: list[Any] = []

    def __iter__(self) -> "Stream":
        return self

    def __next__(self) -> Any:
        self.seen.append(otel_context.get_value("here"))
        if not self.chunks:
            raise StopIteration
        return self.chunks.pop(0)

    async def __anext__(self) -> Any:
        try:
            return self.__next__()
        except StopIteration:
            raise StopAsyncIteration from None

    def __aiter__(self) -> "Stream":
        return self


class Outer:
    def __init__(self, completion_stream: Any) -> None:
        self.completion_stream = completion_stream


def test_streams_inside_are_gathered() -> None:
    received: list[list[Any]] = []
    first, second = Stream(1), Stream(2)
    before = otel_context.get_current()
    with gathering(received):
        assert noted(first) is first
        assert noted("no stream") == "no stream"
        noted(second)
    assert (received[0] is first.chunks, received[1] is second.chunks, len(received)) == (True, True, 2)
    assert otel_context.get_current() is before
    noted(Stream(3))
    assert len(received) == 2


def test_an_error_leaves_the_context_as_it_was() -> None:
    before = otel_context.get_current()
    with pytest.raises(ValueError, match="no"), gathering([]):
        raise ValueError("no")
    assert otel_context.get_current() is before


@pytest.mark.parametrize("stream", [None, 5, Outer(None), Outer(iter(()))])
def test_what_keeps_no_chunks_has_none(stream: Any) -> None:
    assert chunks_of(stream) is None


def test_a_stream_around_another_has_that_ones() -> None:
    inner = Stream(1)
    assert chunks_of(Outer(inner)) is inner.chunks


async def test_steps_run_in_the_calls_context() -> None:
    context = Context({"here": "inside"})
    received: list[list[Any]] = []
    before = otel_context.get_current()
    given = Stream("a", "b")
    stream = stepping_inside(given, context, received)
    assert (stream is given, isinstance(stream, Stream), type(stream).__name__) == (True, True, "Stream")
    assert next(stream) == "a"
    assert await anext(stream) == "b"
    assert list(stream) == []
    with pytest.raises(StopAsyncIteration):
        await anext(stream)
    assert stream.seen == ["inside"] * 4
    assert otel_context.get_current() is before
