"""What of a body is kept, and how events are found in it."""

from json import JSONDecodeError
from typing import Any

import pytest
from opentelemetry.trace import StatusCode

from fake_openai import FakeOpenAI, Reply, completion, streamed, text_chunks, whole
from openai_forms import ASKED, client_of
from span_reading import attribute
from spanscore.integrations import _reading
from spanscore.integrations._reading import sse_data
from spanscore.testing import RecordedRecords


@pytest.mark.parametrize(
    ("body", "values"),
    [
        (b'data: {"a": 1}\n\ndata: [DONE]\n\n', [{"a": 1}]),
        (b'event: x\r\nid: 5\r\ndata:{"a": 1}\r\n\r\n', [{"a": 1}]),
        ('data: "a\u2028b"\n\n'.encode(), ["a\u2028b"]),
        (b'data: {"a": 1}\n\ndata: {"b"', [{"a": 1}]),
        (b": comment\n\n", []),
        (b"", []),
    ],
    ids=[
        "events",
        "other fields, no blank, carriage returns",
        "line separator in text",
        "cut",
        "comment",
        "empty",
    ],
)
def test_sse_data(body: bytes, values: list[Any]) -> None:
    assert sse_data(body) == values


def test_a_body_over_the_budget_is_told_as_far_as_it_goes(
    server: FakeOpenAI, recorded: RecordedRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply = streamed(text_chunks("one", "two", "three"))
    monkeypatch.setattr(_reading, "BODY_LIMIT", reply.body.index("two"))
    server.reply(reply, whole(completion("a" * 1000)))
    with client_of(server.url) as client:
        create = client.chat.completions.with_streaming_response.create
        with create(**ASKED, stream=True) as response:
            assert "\n".join(response.iter_lines()).rstrip() == reply.body.rstrip()
        with create(**ASKED) as response:
            assert "a" * 1000 in response.text()
    first, second = recorded.spans
    assert attribute(first, "output_json")[0]["message"]["content"] == "one"
    assert attribute(second, "output_json") is None


@pytest.mark.parametrize("body", ["", '{"choices": [', "<html>"], ids=["empty", "cut", "another format"])
def test_a_body_that_is_no_json_is_the_error_that_the_client_raises_later(
    server: FakeOpenAI, recorded: RecordedRecords, body: str
) -> None:
    server.reply(Reply(body=body), Reply(body=body))
    with client_of(server.url) as client:
        answer = client.chat.completions.with_raw_response.create(**ASKED)
        with pytest.raises(JSONDecodeError) as raised:
            answer.parse()
        opened = client.chat.completions.with_streaming_response.create(**ASKED)
        with opened as response, pytest.raises(JSONDecodeError):
            response.parse()
    said = [dict(span.events[0].attributes or {}) for span in recorded.spans]
    assert [each["exception.message"] for each in said] == [str(raised.value)] * 2
    assert [span.status.status_code for span in recorded.spans] == [StatusCode.ERROR] * 2


def test_a_body_of_no_json_type_is_a_text_for_the_client_and_no_error(
    server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    page = Reply(content_type="text/html", body="<html>")
    server.reply(page, page, page)
    with client_of(server.url) as client:
        assert client.chat.completions.create(**ASKED) == "<html>"
        assert client.chat.completions.with_raw_response.create(**ASKED).parse() == "<html>"
        with client.chat.completions.with_streaming_response.create(**ASKED) as response:
            assert response.parse() == "<html>"
    assert [span.status.status_code for span in recorded.spans] == [StatusCode.UNSET] * 3


def test_a_body_that_nobody_reads_to_its_end_is_no_error(
    server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    server.reply(Reply(body='{"choices": [', cuts=(3,)))
    with (
        client_of(server.url) as client,
        client.chat.completions.with_streaming_response.create(**ASKED) as response,
    ):
        assert next(response.iter_bytes()) == b'{"c'
    assert [span.status.status_code for span in recorded.spans] == [StatusCode.UNSET]
