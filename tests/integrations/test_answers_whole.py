"""Answers that may be given again, and those that may not."""

import pytest

from spanscore.integrations._answers_whole import is_whole

pytestmark = pytest.mark.core

JSON = {"content-type": "application/json; charset=utf-8"}
EVENTS = {"content-type": "text/event-stream; charset=utf-8"}


@pytest.mark.parametrize(
    "body",
    [
        b'{"choices": []}',
        b'{"object": "response", "status": "completed", "error": null}',
        b'{"status": "incomplete"}',
        b'[{"candidates": []}]',
    ],
)
def test_whole_answers(body: bytes) -> None:
    assert is_whole(JSON, body, is_exhausted=True)
    assert not is_whole(JSON, body, is_exhausted=False)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'{"choices": [',
        b"1",
        b'{"error": {"message": "no"}}',
        b'{"type": "error"}',
        b'{"status": "queued"}',
        b'{"status": "failed"}',
        b'[{"error": {"code": 429}}]',
    ],
)
def test_answers_that_are_none(body: bytes) -> None:
    assert not is_whole(JSON, body, is_exhausted=True)


@pytest.mark.parametrize(
    "body",
    [
        b'data: {"choices": []}\n\ndata: [DONE]\n\n',
        b'data: {"choices": []}\r\n\r\ndata:[DONE]',
        b'event: message_stop\ndata: {"type": "message_stop"}\n\n',
        b'data: {"type": "response.completed"}\n\n',
        b'data: {"type": "response.incomplete"}\n\n',
    ],
)
@pytest.mark.parametrize("is_exhausted", [True, False])
def test_streams_with_their_last_event(body: bytes, is_exhausted: bool) -> None:
    assert is_whole(EVENTS, body, is_exhausted=is_exhausted)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'data: {"choices": []}\n\n',
        b'data: {"error": {"message": "no"}}\n\ndata: [DONE]\n\n',
        b'data: {"type": "message_start"}\n\n',
        b'data: {"type": "error", "error": {}}\n\ndata: {"type": "message_stop"}\n\n',
        b'data: {"type": "response.failed"}\n\ndata: [DONE]\n\n',
        b'data: {"candidates": [{"content": {}}]}\n\n',
        b"data: [DONE]\n\n",
    ],
)
def test_streams_without_it_or_with_an_error(body: bytes) -> None:
    assert not is_whole(EVENTS, body, is_exhausted=True)


def test_a_stream_of_googles_is_whole_when_it_was_read_to_its_end() -> None:
    body = b'data: {"candidates": [{"content": {}, "finishReason": "STOP"}]}\n\n'
    assert is_whole(EVENTS, body, is_exhausted=True)
    assert not is_whole(EVENTS, body, is_exhausted=False)


def test_other_formats_are_not_known_to_be_whole() -> None:
    assert not is_whole({"content-type": "audio/mpeg"}, b"{}", is_exhausted=True)
    assert not is_whole({}, b"{}", is_exhausted=True)
