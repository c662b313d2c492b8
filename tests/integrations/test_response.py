"""A watched response tells its reading what passes by, and ends it once, on whichever way out comes first."""

import copy
import gc
import os
import pickle
from typing import Any

import pytest
from opentelemetry.trace import StatusCode

from echo_provider import ECHO, PROVIDER, SERVICE, Response, Stream
from forked import exit_status
from span_reading import told
from spanscore.integrations._call import Call
from spanscore.integrations._endpoint import Request
from spanscore.integrations._reading import Reading
from spanscore.integrations._response import reading_of, watch
from spanscore.integrations._span_info import SpanInfo
from spanscore.integrations._stream import watched_stream_class
from spanscore.testing import RecordedRecords

pytestmark = pytest.mark.core


def watched(*parts: str, is_stream: bool = True, kind: type[Response] = Response) -> Response:
    response = kind(parts)
    call = Call(PROVIDER, ECHO, SERVICE, Request(body={"text": "hi"}), SpanInfo())
    watch(response, Reading(call, is_stream=is_stream))
    return response


def outputs(recorded: RecordedRecords) -> list[Any]:
    return [told(span)["output"] for span in recorded.spans]


def test_a_watched_response_stays_one() -> None:
    assert reading_of(Response([])) is None


def test_closing_ends_the_reading_once(recorded: RecordedRecords) -> None:
    response = watched("a")
    assert isinstance(response, Response)
    response.close()
    response.close()
    assert response.closed == 2
    assert outputs(recorded) == [None]


def test_a_response_that_is_collected_ends_its_reading(recorded: RecordedRecords) -> None:
    watched("a")
    gc.collect()
    assert outputs(recorded) == [None]


def test_the_body_that_the_caller_reads_is_told(recorded: RecordedRecords) -> None:
    assert b"".join(watched('{"echo"', ':"hi"}', is_stream=False).iter_bytes()) == b'{"echo":"hi"}'
    assert list(watched('data: "h"\n\n', 'data: "i"\n\n').iter_bytes())
    assert outputs(recorded) == ["hi", "hi"]


def test_chunks_are_told_up_to_an_error_that_is_recorded_before_the_end(recorded: RecordedRecords) -> None:
    stream: Any = watched_stream_class(Stream)(watched("a", "b", "!", "c"))
    with pytest.raises(ConnectionError, match="!"):
        list(stream)
    (span,) = recorded.spans
    assert told(span)["output"] == "ab"
    assert span.status.status_code is StatusCode.ERROR
    assert [event.name for event in span.events] == ["exception"]


def test_a_stream_that_is_broken_off_is_told_up_to_there(recorded: RecordedRecords) -> None:
    stream: Any = watched_stream_class(Stream)(watched("a", "b", "c"))
    iterator = iter(stream)
    assert [next(iterator), next(iterator)] == ["a", "b"]
    stream.response.close()
    assert outputs(recorded) == ["ab"]
    assert list(iterator) == ["c"]
    assert outputs(recorded) == ["ab"]


def test_an_unwatched_response_is_read_as_ever(recorded: RecordedRecords) -> None:
    stream: Any = watched_stream_class(Stream)(Response(["a"]))
    assert list(stream) == ["a"]
    assert recorded.spans == []


class Kept(Response):
    """A response that can be pickled, as those of the HTTP clients."""

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "extensions": {}}


def test_copies_of_a_watched_response_are_ordinary_ones(recorded: RecordedRecords) -> None:
    response = watched("h", kind=Kept)
    assert type(response) is not Kept
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        copied = pickle.loads(pickle.dumps(response, protocol))
        assert (type(copied), vars(copied)) == (Kept, {"parts": ("h",), "extensions": {}, "closed": 0})
    assert [type(copy.copy(response)), type(copy.deepcopy(response))] == [Kept, Kept]
    response.close()
    assert len(recorded.spans) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks")
def test_a_forked_child_ends_its_parents_stream_by_reading_it_only(recorded: RecordedRecords) -> None:
    held = [watched("h", "i")]

    def forget() -> None:
        held.clear()
        gc.collect()
        assert recorded.spans == []

    def read() -> None:
        assert b"".join(held[0].iter_bytes()) == b"hi"
        assert len(recorded.spans) == 1

    assert [exit_status(forget), exit_status(read)] == [0, 0]
    held.clear()
    gc.collect()
    assert len(recorded.spans) == 1
