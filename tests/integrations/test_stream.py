"""The subclass of a stream class stands in for it wherever the client asks for its class."""

from collections.abc import Iterator
from itertools import chain
from typing import Any, Generic, TypeVar, get_args

import pytest
from openai import AsyncStream, OpenAI, Stream
from openai._streaming import extract_stream_chunk_type  # pyright: ignore[reportPrivateImportUsage]
from openai.types.chat import ChatCompletionChunk

from fake_openai import FakeOpenAI
from span_reading import attribute
from spanscore.integrations._stream import watched_stream_class
from spanscore.integrations.openai import wrap
from spanscore.testing import RecordedRecords

_T = TypeVar("_T")


class OwnGeneric(Stream[_T], Generic[_T]):
    """A stream class that is generic, and gives an iterator that is no generator."""

    def __stream__(self) -> Iterator[_T]:
        return chain(super().__stream__())


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


def test_a_generic_class_of_the_programs_own_is_asked_for_its_argument_by_the_client() -> None:
    for given in (OwnGeneric[ChatCompletionChunk], Own, Stream[ChatCompletionChunk]):
        assert extract_stream_chunk_type(watched_stream_class(given)) is ChatCompletionChunk


def test_a_stream_that_draws_from_no_generator_is_told_by_its_body(
    server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    client = wrap(OpenAI(api_key="none", base_url=server.url))
    body = {"model": "m", "messages": [], "stream": True}
    given = OwnGeneric[ChatCompletionChunk]
    stream: Any = client.post(
        "/chat/completions", cast_to=ChatCompletionChunk, body=body, stream=True, stream_cls=given
    )
    texts = [chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices]
    assert "".join(texts) == "Hello from the fake server"
    (span,) = recorded.spans
    assert attribute(span, "output_json")[0]["message"]["content"] == "Hello from the fake server"


def test_a_class_without_parameters_gives_a_plain_subclass() -> None:
    assert issubclass(watched_stream_class(Own), Own)
