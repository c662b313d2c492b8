"""Answers of the Bedrock Runtime that are kept: whole and streamed ones, and those that are not."""

from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, EventStreamError
from opentelemetry import context as otel_context
from opentelemetry.context import Context
from urllib3.exceptions import ProtocolError

from bedrock_clients import ASKED, client_of
from fake_bedrock import FakeBedrock, Reply, answer, events, failure, greeting_events, streamed, whole
from fake_bedrock import delta as text_delta
from span_reading import attribute
from spanscore.integrations import answers_cached, in_trial
from spanscore.integrations.bedrock import _answers, wrap
from spanscore.testing import RecordedRecords

TEXT = "Hello from the fake server"


@pytest.fixture
def client(server: FakeBedrock) -> Iterator[Any]:
    with client_of(server.url) as client:
        yield wrap(client)


@contextmanager
def trial(index: int) -> Generator[None, None, None]:
    token = otel_context.attach(in_trial(Context(), index=index))
    yield
    otel_context.detach(token)


def streamed_events(client: Any) -> list[Any]:
    with closing(client.converse_stream(**ASKED)["stream"]) as stream:
        return list(stream)


def test_a_whole_answer_is_given_again(
    client: Any, server: FakeBedrock, recorded: RecordedRecords, tmp_path: Path
) -> None:
    with answers_cached(tmp_path):
        first, again = (client.converse(**ASKED) for _ in range(2))
    assert again == first
    assert len(server.received) == 1
    paid, free = recorded.spans
    assert attribute(free, "output_json") == attribute(paid, "output_json")
    assert attribute(free, "metadata") == {**attribute(paid, "metadata"), "cached": True}


def test_a_streamed_answer_is_given_again(
    client: Any, server: FakeBedrock, recorded: RecordedRecords, tmp_path: Path
) -> None:
    with answers_cached(tmp_path):
        first, again = (streamed_events(client) for _ in range(2))
    assert again == first
    assert len(first) == len(greeting_events())
    assert len(server.received) == 1
    paid, free = recorded.spans
    assert attribute(free, "output_json") == attribute(paid, "output_json")
    assert attribute(free, "metadata")["cached"] is True


def test_another_request_and_another_trial_ask_again(
    client: Any, server: FakeBedrock, recorded: RecordedRecords, tmp_path: Path
) -> None:
    server.reply(*(whole(answer({"text": text})) for text in "abc"))
    with answers_cached(tmp_path):
        client.converse(**ASKED, inferenceConfig={"maxTokens": 3})
        told: list[str] = []
        for index in (0, 1, 0):
            with trial(index):
                found = client.converse(**ASKED)
            told.append(found["output"]["message"]["content"][0]["text"])
    assert told == ["b", "c", "b"]
    assert len(server.received) == 3


NOT_KEPT: dict[str, Reply] = {
    "cut": streamed(events(text_delta(0, text="a")), is_cut=True),
    "without its last event": streamed(events(text_delta(0, text="a"))[:-2]),
    "with an error in it": streamed(
        [*events(text_delta(0, text="a")), ("throttlingException", {"message": "no"})]
    ),
}


@pytest.mark.parametrize("reply", NOT_KEPT.values(), ids=NOT_KEPT)
def test_a_broken_stream_is_not_kept(
    reply: Reply, client: Any, server: FakeBedrock, recorded: RecordedRecords, tmp_path: Path
) -> None:
    server.reply(reply)
    with answers_cached(tmp_path):
        with suppress(EventStreamError, ProtocolError):
            streamed_events(client)
        assert len(streamed_events(client)) == len(greeting_events())
    assert len(server.received) == 2


def test_a_stream_that_is_not_read_to_its_end_is_not_kept(
    client: Any, server: FakeBedrock, recorded: RecordedRecords, tmp_path: Path
) -> None:
    with answers_cached(tmp_path):
        stream = client.converse_stream(**ASKED)["stream"]
        next(iter(stream))
        stream.close()
        assert len(streamed_events(client)) == len(greeting_events())
    assert len(server.received) == 2


def test_a_stream_that_is_given_again_can_be_closed(
    client: Any, server: FakeBedrock, recorded: RecordedRecords, tmp_path: Path
) -> None:
    with answers_cached(tmp_path):
        streamed_events(client)
        stream = client.converse_stream(**ASKED)["stream"]
        next(iter(stream))
        stream.close()
    assert len(server.received) == 1


def test_an_error_is_not_kept(
    client: Any, server: FakeBedrock, recorded: RecordedRecords, tmp_path: Path
) -> None:
    server.reply(failure(400, "ValidationException"))
    with answers_cached(tmp_path):
        with pytest.raises(ClientError):
            client.converse(**ASKED)
        found = client.converse(**ASKED)
    assert found["output"]["message"]["content"] == [{"text": TEXT}]
    assert len(server.received) == 2


def test_a_large_answer_is_not_kept(
    client: Any,
    server: FakeBedrock,
    recorded: RecordedRecords,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_answers, "MAX_BODY", 10)
    with answers_cached(tmp_path):
        for _ in range(2):
            client.converse(**ASKED)
    assert len(server.received) == 2


def test_outside_the_block_nothing_is_kept(
    client: Any, server: FakeBedrock, recorded: RecordedRecords, tmp_path: Path
) -> None:
    with answers_cached(tmp_path):
        client.converse(**ASKED)
    client.converse(**ASKED)
    assert len(server.received) == 2
