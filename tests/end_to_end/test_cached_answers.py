"""Answers that are kept: the client gives again what it gave, and nobody asks the provider."""

import asyncio
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openai import DefaultHttpxClient, OpenAI
from opentelemetry import context as otel_context
from opentelemetry.context import Context
from opentelemetry.trace import StatusCode

from end_to_end.calls import IMPATIENT, Form, forms
from end_to_end.comparison import called
from end_to_end.faults import SCRIPT, STREAM_FAULTS
from end_to_end.mock_server import LLMock
from fake_anthropic import FakeAnthropic
from fake_anthropic import message as anthropic_message
from fake_anthropic import whole as anthropic_whole
from fake_openai import FakeOpenAI, Reply, completion, failure, streamed, text_chunks, whole
from openai_forms import ASKED, RESPONSE_ASKED
from span_reading import attribute
from spanscore import wrap_anthropic, wrap_openai
from spanscore.integrations import answers_cached, in_trial
from spanscore.integrations._transports import stop_looking
from spanscore.testing import RecordedRecords
from spanscore.wire.http_attempts import HTTP_ATTEMPTS, HttpAttempt

FORMS = forms()
"""Google's asynchronous client goes over aiohttp where that is installed, else over httpx."""


@pytest.fixture(autouse=True)
def transports_as_they_were() -> Iterator[None]:
    yield
    stop_looking()


@pytest.fixture
def server() -> Iterator[FakeOpenAI]:
    with FakeOpenAI() as server:
        yield server


@contextmanager
def client_of(server: FakeOpenAI, **options: Any) -> Generator[OpenAI, None, None]:
    given: dict[str, Any] = {"api_key": "none", "base_url": server.url, "max_retries": 0, **options}
    with OpenAI(**given, http_client=DefaultHttpxClient(verify=False)) as client:
        yield wrap_openai(client)


@contextmanager
def trial(index: int, attempt: int = 1) -> Generator[None, None, None]:
    token = otel_context.attach(in_trial(Context(), index=index, attempt=attempt))
    yield
    otel_context.detach(token)


def text(client: OpenAI, **fields: Any) -> str | None:
    return client.chat.completions.create(**{**ASKED, **fields}).choices[0].message.content


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
async def test_every_form_gives_again_what_it_gave(
    form: Form, mock: LLMock, tmp_path: Path, recorded: RecordedRecords
) -> None:
    mock.script(*SCRIPT)
    url = mock.base_url(form.provider)
    heard: list[HttpAttempt] = []
    with answers_cached(tmp_path), HTTP_ATTEMPTS.listening(heard.append):
        first = await called(form, url, IMPATIENT, "wrap")
        again = await called(form, url, IMPATIENT, "wrap")
        instrumented = await called(form, url, IMPATIENT, "instrument")
    assert first.error is None
    assert form.text(first.pieces) != ""
    assert len(mock.requests()) == len(heard) == 1
    assert again.told() == instrumented.told() == first.told()
    assert [piece if isinstance(piece, str) else repr(piece) for piece in again.pieces] == [
        piece if isinstance(piece, str) else repr(piece) for piece in first.pieces
    ]
    paid, *free = recorded.spans
    assert "cached" not in attribute(paid, "metadata")
    for span in free:
        assert attribute(span, "metadata") == {**attribute(paid, "metadata"), "cached": True}
        assert attribute(span, "output_json") == attribute(paid, "output_json")
        assert attribute(span, "metrics")["estimated_cost"] == 0
        assert (attribute(span, "metrics")).get("tokens") == attribute(paid, "metrics").get("tokens")


def test_headers_and_status_come_back(server: FakeOpenAI, tmp_path: Path) -> None:
    told = {"x-request-id": "req_1", "x-ratelimit-remaining-requests": "7", "set-cookie": "secret=1"}
    server.reply(replace(whole(completion("a")), headers=told))
    with client_of(server) as client, answers_cached(tmp_path):
        first = client.chat.completions.with_raw_response.create(**ASKED)
        again = client.chat.completions.with_raw_response.create(**ASKED)
    assert again.http_response.content == first.http_response.content
    assert again.status_code == first.status_code
    assert again.http_response.reason_phrase == first.http_response.reason_phrase
    assert again.http_response.http_version == first.http_response.http_version
    assert again.request_id == "req_1"
    kept = [pair for pair in first.headers.multi_items() if pair[0] != "set-cookie"]
    assert again.headers.multi_items() == kept
    assert len(server.received) == 1


def test_pieces_of_a_stream_come_back_one_by_one(server: FakeOpenAI, tmp_path: Path) -> None:
    reply = streamed(text_chunks("one", "two", "three"))
    server.reply(replace(reply, cuts=(10, 200, 400)))
    read: list[list[bytes]] = []
    with client_of(server) as client, answers_cached(tmp_path):
        for _ in range(2):
            with client.chat.completions.with_streaming_response.create(**ASKED, stream=True) as response:
                read.append(list(response.iter_bytes()))
    assert read[0] == read[1]
    assert len(server.received) == 1


@pytest.mark.parametrize(
    "other", [{"model": "gpt-4o"}, {"temperature": 1}, {"messages": [{"role": "user", "content": "ho"}]}]
)
def test_another_request_is_asked(server: FakeOpenAI, tmp_path: Path, other: dict[str, Any]) -> None:
    server.reply(whole(completion("a")), whole(completion("b")))
    with client_of(server) as client, answers_cached(tmp_path):
        assert [text(client), text(client, **other), text(client), text(client, **other)] == list("abab")
    assert len(server.received) == 2


def test_another_key_gets_the_same_answer(server: FakeOpenAI, tmp_path: Path) -> None:
    server.reply(whole(completion("a")))
    with answers_cached(tmp_path):
        for key in ("one", "two"):
            with client_of(server, api_key=key) as client:
                assert text(client) == "a"
    assert len(server.received) == 1
    assert all(b"Bearer" not in path.read_bytes() for path in tmp_path.rglob("*.answer"))


def test_trials_are_independent_and_reruns_free(server: FakeOpenAI, tmp_path: Path) -> None:
    server.reply(*(whole(completion(each)) for each in "abcde"))
    runs: list[list[str | None]] = []
    with client_of(server) as client:
        for _ in range(2):
            told: list[str | None] = []
            with answers_cached(tmp_path):
                for index, attempt in ((0, 1), (1, 1), (1, 2)):
                    with trial(index, attempt):
                        told.append(text(client))
                with trial(2):
                    told += [text(client), text(client)]
            runs.append(told)
    assert runs == [list("abcde"), list("abcde")]
    assert len(server.received) == 5


def test_errors_are_not_kept_and_attempts_again_have_one_answer(server: FakeOpenAI, tmp_path: Path) -> None:
    server.reply(failure(500), failure(429), whole(completion("a")))
    with client_of(server, max_retries=2) as client, answers_cached(tmp_path):
        for _ in range(2):
            with trial(0):
                assert text(client) == "a"
    assert len(server.received) == 3


@pytest.mark.parametrize(
    "reply",
    [
        Reply(body='{"choices": ['),
        whole({"error": {"message": "no"}}),
        Reply(content_type="text/html", body="<html>"),
        streamed(text_chunks("one"), is_cut=True),
        replace(streamed(text_chunks("one")), is_cut=True),
        Reply(content_type="text/event-stream", body='data: {"choices": []}\n\n'),
        Reply(
            content_type="text/event-stream", body='data: {"error": {"message": "no"}}\n\ndata: [DONE]\n\n'
        ),
    ],
    ids=["no JSON", "error", "page", "cut off", "cut off at its end", "without an end", "error in stream"],
)
def test_what_is_no_whole_answer_is_asked_for_again(server: FakeOpenAI, tmp_path: Path, reply: Reply) -> None:
    def ask() -> None:
        try:
            with client.chat.completions.with_streaming_response.create(**ASKED, stream=is_stream) as answer:
                answer.read()
        except Exception:  # noqa: BLE001 - of a connection that was cut off
            return

    is_stream = "event-stream" in reply.content_type
    server.reply(reply, reply)
    with client_of(server) as client, answers_cached(tmp_path):
        ask()
        ask()
    assert len(server.received) == 2
    assert list(tmp_path.rglob("*.answer")) == []


@pytest.mark.parametrize("fault", ["disconnected", "cut short"])
async def test_a_stream_that_breaks_is_asked_for_again(fault: str, mock: LLMock, tmp_path: Path) -> None:
    form = FORMS["openai chat stream async"]
    mock.script(*SCRIPT, *({**each, "times": None} for each in STREAM_FAULTS[fault].behaviours))
    with answers_cached(tmp_path):
        for _ in range(2):
            await called(form, mock.base_url("openai"), IMPATIENT, "wrap")
    assert len(mock.requests()) == 2


def test_a_stream_that_the_program_leaves_is_asked_for_again(server: FakeOpenAI, tmp_path: Path) -> None:
    chunks = replace(streamed(text_chunks(*"abcdefgh")), cuts=range(0, 4000, 100))
    server.reply(chunks, chunks)
    with client_of(server) as client, answers_cached(tmp_path):
        for _ in range(2):
            with client.chat.completions.create(**ASKED, stream=True) as stream:
                next(stream)
    assert len(server.received) == 2


def test_a_damaged_file_is_asked_for_again(server: FakeOpenAI, tmp_path: Path) -> None:
    server.reply(whole(completion("a")), whole(completion("b")))
    with client_of(server) as client, answers_cached(tmp_path):
        assert text(client) == "a"
        (place,) = tmp_path.rglob("*.answer")
        place.write_bytes(place.read_bytes()[:-5])
        assert [text(client), text(client)] == ["b", "b"]
    assert len(server.received) == 2


def test_what_changes_something_is_always_done(server: FakeOpenAI, tmp_path: Path) -> None:
    batch = whole({"id": "batch_1", "object": "batch"})
    queued = whole({"id": "resp_1", "object": "response", "status": "queued", "output": []})
    server.reply(batch, batch, queued, queued)
    with client_of(server) as client, answers_cached(tmp_path):
        for _ in range(2):
            client.post("/batches", cast_to=object, body={"input_file_id": "file-1"})
        for _ in range(2):
            client.post("/responses", cast_to=object, body={**RESPONSE_ASKED, "background": True})
    assert len(server.received) == 4


def test_nothing_is_kept_outside_of_the_block(server: FakeOpenAI, tmp_path: Path) -> None:
    with client_of(server) as client:
        with answers_cached(tmp_path):
            text(client)
        text(client)
        text(client)
    assert len(server.received) == 3


def test_a_client_that_is_not_wrapped_keeps_nothing(server: FakeOpenAI, tmp_path: Path) -> None:
    with OpenAI(api_key="none", base_url=server.url) as client, answers_cached(tmp_path):
        text(client)
        text(client)
    assert len(server.received) == 2


def test_what_is_not_recorded_is_kept_nevertheless(server: FakeOpenAI, tmp_path: Path) -> None:
    with client_of(server) as client, answers_cached(tmp_path):
        text(client)
        text(client)
    assert len(server.received) == 1


async def test_tasks_side_by_side_have_the_folders_of_their_own(server: FakeOpenAI, tmp_path: Path) -> None:
    server.reply(whole(completion("a")), whole(completion("b")))

    async def run(folder: Path) -> list[str | None]:
        with client_of(server) as client, answers_cached(folder):
            first = text(client)
            await asyncio.sleep(0)
            return [first, text(client)]

    first, second = await asyncio.gather(run(tmp_path / "1"), run(tmp_path / "2"))
    assert (first, second) == (["a", "a"], ["b", "b"])


def test_versions_of_an_api_have_answers_of_their_own(tmp_path: Path, recorded: RecordedRecords) -> None:
    anthropic = pytest.importorskip("anthropic")
    replies = [anthropic_whole(anthropic_message(each)) for each in "ab"]
    asked: Any = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "hi"}]}
    told: list[str] = []
    with (
        FakeAnthropic(*replies) as server,
        anthropic.Anthropic(api_key="none", base_url=server.url, max_retries=0) as client,
        answers_cached(tmp_path),
    ):
        for version in ("2023-06-01", "2023-01-01") * 2:
            headers = {"anthropic-version": version}
            answer: Any = wrap_anthropic(client).messages.create(**asked, extra_headers=headers)
            told.append(answer.content[0].text)
    assert told == list("abab")
    assert [span.status.status_code for span in recorded.spans] == [StatusCode.UNSET] * 4
    assert [attribute(span, "metadata").get("cached") for span in recorded.spans] == [None, None, True, True]
