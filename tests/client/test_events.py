"""Server-sent events over a real socket, in pieces and broken off."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from http_sink import Answer, HttpSink
from spanscore.client.events import EventStream
from spanscore.errors import RetryLaterError

pytestmark = pytest.mark.core

EVENTS = (
    b'event: text_delta\r\ndata: "Hel"\r\n\r\n: a note\nid: 3\ndata: one\ndata: two\n\nevent: done\ndata:\n\n'
)


def stream(sink: HttpSink, answer: Answer) -> EventStream:
    sink.script.append(answer)
    return EventStream(requests.get(sink.url, stream=True, timeout=10))


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_events_are_the_same_however_they_are_cut(size: int) -> None:
    def pieces() -> Iterator[bytes]:
        for at in range(0, len(EVENTS), size):
            yield EVENTS[at : at + size]

    with HttpSink() as sink:
        assert list(stream(sink, Answer(chunks=pieces))) == [
            ("text_delta", '"Hel"'),
            ("message", "one\ntwo"),
            ("done", ""),
        ]


def test_each_is_given_as_soon_as_it_is_whole() -> None:
    go = threading.Event()

    def pieces() -> Iterator[bytes]:
        yield b"data: first\n\n"
        go.wait(30)
        yield b"data: second\n\n"

    with HttpSink() as sink:
        events: Any = iter(stream(sink, Answer(chunks=pieces)))
        assert next(events) == ("message", "first")
        go.set()
        assert next(events) == ("message", "second")


def test_a_connection_that_breaks_off_is_an_error() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"data: first\n\n"
        raise ConnectionResetError

    with HttpSink() as sink:
        events = iter(stream(sink, Answer(chunks=pieces)))
        assert next(events) == ("message", "first")
        with pytest.raises(RetryLaterError, match="broke off"):
            next(events)
