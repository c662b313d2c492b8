"""The subclass of a stream class stands in for it wherever the client asks for its class."""

from typing import get_args

import pytest
from openai import AsyncStream, Stream
from openai.types.chat import ChatCompletionChunk

from spanscore.instrument._stream import watched_stream_class


class Own(Stream[ChatCompletionChunk]):
    """A stream class that is not generic any more."""


@pytest.mark.parametrize("base", [Stream, AsyncStream])
def test_a_parameterised_class_gives_a_parameterised_subclass(base: type) -> None:
    given = base[ChatCompletionChunk]  # pyright: ignore[reportUnknownVariableType, reportIndexIssue]
    watched = watched_stream_class(given)
    assert get_args(watched) == (ChatCompletionChunk,)
    assert issubclass(watched.__origin__, base)
    assert repr(watched.__origin__) == repr(base)
    assert watched_stream_class(given).__origin__ is watched.__origin__


def test_a_class_without_parameters_gives_a_plain_subclass() -> None:
    assert issubclass(watched_stream_class(Own), Own)
