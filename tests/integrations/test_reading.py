"""What of a body is kept, and how events are found in it."""

from typing import Any

import pytest

from fake_openai import FakeOpenAI, completion, streamed, text_chunks, whole
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
