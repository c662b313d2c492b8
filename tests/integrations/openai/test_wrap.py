"""Every call form gives one span that tells what was asked and answered; the caller gets the client's own."""

import asyncio
import gc
import json
from typing import Any
from unittest.mock import Mock, create_autospec

import openai
import pytest
from openai import AsyncAzureOpenAI, AsyncOpenAI, AsyncStream, AzureOpenAI, OpenAI, Stream
from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from wrapt import ObjectProxy

from fake_openai import FakeOpenAI, chunk, completion, failure, streamed, text_chunks, whole
from openai_forms import ASKED, MESSAGES, MODEL, OPTIONS, STREAMED, WHOLE, async_client_of, client_of, content
from span_reading import attribute, told
from spanscore import start_span, wrap_openai
from spanscore.errors import InstrumentError
from spanscore.integrations.openai import wrap
from spanscore.testing import RecordedRecords, recorded_spans

ANSWER = '{"n": 1}'
PARTS = ('{"n"', ": 1", "}")
MESSAGE = {"role": "assistant", "content": ANSWER}
TOLD: dict[str, Any] = {
    "input": MESSAGES,
    "output": [{"index": 0, "message": MESSAGE, "logprobs": None, "finish_reason": "stop"}],
    "metadata": {"provider": "openai", "model": "gpt-4o-mini-2024-07-18"},
    "metrics": {"tokens": 12, "prompt_tokens": 5, "completion_tokens": 7},
}
TOLD_STREAMED = {
    **TOLD,
    "metrics": {"tokens": 8, "prompt_tokens": 5, "completion_tokens": 3, "time_to_first_token": True},
}


@pytest.mark.parametrize("form", WHOLE.values(), ids=WHOLE.keys())
async def test_a_whole_answer_is_told(form: Any, server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(whole(completion(ANSWER)))
    assert await form(server.url) in (ANSWER, json.dumps(completion(ANSWER)))
    # `parse()` sends a response format, which then belongs to the metadata.
    sent = server.received[0].body.get("response_format")
    metadata = TOLD["metadata"] | ({"response_format": sent} if sent else {})
    assert [(span.name, told(span)) for span in recorded.spans] == [
        ("Chat Completion", {**TOLD, "metadata": metadata})
    ]


@pytest.mark.parametrize("form", STREAMED.values(), ids=STREAMED.keys())
async def test_a_streamed_answer_is_told_like_a_whole_one(
    form: Any, server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    reply = streamed(text_chunks(*PARTS))
    server.reply(reply)
    assert await form(server.url) in (ANSWER, reply.body.replace("\n", ""), text_chunks(*PARTS))
    assert [(span.name, told(span)) for span in recorded.spans] == [("Chat Completion", TOLD_STREAMED)]


@pytest.mark.parametrize("form", [*WHOLE.values(), *STREAMED.values()], ids=[*WHOLE, *STREAMED])
async def test_an_error_of_the_api_is_raised_and_recorded(
    form: Any, server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    server.reply(failure(404, "no such model"))
    with pytest.raises(openai.NotFoundError, match="no such model"):
        await form(server.url)
    (span,) = recorded.spans
    assert attribute(span, "input_json") == MESSAGES
    assert attribute(span, "output_json") is None
    assert (span.attributes or {})["error.type"] == "openai.NotFoundError"
    assert span.status.status_code is trace.StatusCode.ERROR
    (event,) = span.events
    assert event.name == "exception"
    assert "Traceback" in str((event.attributes or {})["exception.stacktrace"])


def test_the_error_is_the_clients_own_object(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    error = openai.OpenAIError("from the depths")

    class Failing(OpenAI):
        def request(self, *args: Any, **kwargs: Any) -> Any:
            raise error

    client = wrap_openai(Failing(base_url=server.url, **OPTIONS))
    with client, pytest.raises(openai.OpenAIError) as raised:
        client.chat.completions.create(**ASKED)
    assert raised.value is error
    assert [span.status.status_code for span in recorded.spans] == [trace.StatusCode.ERROR]


@pytest.mark.parametrize("status", [400, 401, 429, 500, 503])
def test_a_call_is_one_span_whatever_the_retries(
    status: int, server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    server.reply(failure(status), failure(status), failure(status))
    with client_of(server.url) as client, pytest.raises(openai.APIStatusError):
        client.with_options(max_retries=1).chat.completions.create(**ASKED)
    assert len(recorded.spans) == 1


def test_a_call_that_succeeds_after_a_retry_is_no_error(
    server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    server.reply(failure(500))
    with client_of(server.url) as client:
        client.with_options(max_retries=1).chat.completions.create(**ASKED)
    (span,) = recorded.spans
    assert len(server.received) == 2
    assert span.status.status_code is trace.StatusCode.UNSET


def test_a_server_that_is_not_there_is_an_error(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    with client_of("http://127.0.0.1:1/v1") as client, pytest.raises(openai.APIConnectionError):
        client.chat.completions.create(**ASKED)
    (span,) = recorded.spans
    assert (span.attributes or {})["error.type"] == "openai.APIConnectionError"


def test_a_stream_that_breaks_down_keeps_what_has_come(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(streamed(text_chunks("one", " two")[:2], is_cut=True))
    with client_of(server.url) as client:
        stream = client.chat.completions.create(**ASKED, stream=True)
        with pytest.raises(Exception, match=r"closed|Connection error") as raised:
            list(stream)
    (span,) = recorded.spans
    assert attribute(span, "output_json")[0]["message"] == {"role": "assistant", "content": "one"}
    assert span.status.status_code is trace.StatusCode.ERROR
    assert str((span.attributes or {})["error.type"]).endswith(type(raised.value).__name__)


async def test_an_async_stream_that_breaks_down_keeps_what_has_come(
    server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    server.reply(streamed(text_chunks("one", " two")[:2], is_cut=True))
    async with async_client_of(server.url) as client:
        stream = await client.chat.completions.create(**ASKED, stream=True)
        with pytest.raises(Exception, match=r"closed|Connection error"):
            [_ async for _ in stream]
    (span,) = recorded.spans
    assert attribute(span, "output_json")[0]["message"]["content"] == "one"
    assert span.status.status_code is trace.StatusCode.ERROR


def test_an_error_event_in_a_stream_is_recorded(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(streamed([*text_chunks("one")[:2], {"error": {"message": "overloaded"}}]))
    with client_of(server.url) as client, pytest.raises(openai.APIError, match="overloaded"):
        list(client.chat.completions.create(**ASKED, stream=True))
    (span,) = recorded.spans
    assert attribute(span, "output_json")[0]["message"]["content"] == "one"
    assert (span.attributes or {})["error.type"] == "openai.APIError"


TOLD_BROKEN_OFF = {
    "input": MESSAGES,
    "output": [
        {
            "index": 0,
            "message": {"role": "assistant", "content": '{"n"'},
            "logprobs": None,
            "finish_reason": None,
        }
    ],
    "metadata": {"provider": "openai", "model": "gpt-4o-mini-2024-07-18"},
    "metrics": {"time_to_first_token": True},
}


def _two(stream: Any) -> None:
    next(stream)
    next(stream)


def _break_in_with(client: OpenAI) -> None:
    with client.chat.completions.create(**ASKED, stream=True) as stream:
        _two(stream)


def _next_and_close(client: OpenAI) -> None:
    stream = client.chat.completions.create(**ASKED, stream=True)
    _two(stream)
    stream.close()
    stream.close()


def _break(client: OpenAI) -> None:
    for number, _ in enumerate(client.chat.completions.create(**ASKED, stream=True)):
        if number == 1:
            break


def _close_response(client: OpenAI) -> None:
    stream = client.chat.completions.create(**ASKED, stream=True)
    _two(stream)
    stream.response.close()


@pytest.mark.parametrize("broken_off", [_break_in_with, _next_and_close, _break, _close_response])
def test_a_stream_broken_off_keeps_what_was_read_and_is_no_error(
    broken_off: Any, server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    server.reply(streamed(text_chunks(*PARTS)))
    with client_of(server.url) as client:
        broken_off(client)
        gc.collect()
        assert [told(span) for span in recorded.spans] == [TOLD_BROKEN_OFF]
    assert recorded.spans[0].status.status_code is trace.StatusCode.UNSET


async def _abreak_in_with(client: AsyncOpenAI) -> None:
    async with await client.chat.completions.create(**ASKED, stream=True) as stream:
        await stream.__anext__()
        await stream.__anext__()


async def _anext_and_close(client: AsyncOpenAI) -> None:
    stream = await client.chat.completions.create(**ASKED, stream=True)
    await stream.__anext__()
    await stream.__anext__()
    await stream.close()


@pytest.mark.parametrize("broken_off", [_abreak_in_with, _anext_and_close])
async def test_an_async_stream_broken_off_keeps_what_was_read(
    broken_off: Any, server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    server.reply(streamed(text_chunks(*PARTS)))
    async with async_client_of(server.url) as client:
        await broken_off(client)
    assert [told(span) for span in recorded.spans] == [TOLD_BROKEN_OFF]
    assert recorded.spans[0].status.status_code is trace.StatusCode.UNSET


async def test_a_stream_whose_task_is_cancelled_is_ended(
    server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    server.reply(streamed(text_chunks(*PARTS)))
    reached = asyncio.Event()

    async def read(client: AsyncOpenAI) -> None:
        try:
            async with await client.chat.completions.create(**ASKED, stream=True) as stream:
                await stream.__anext__()
                reached.set()
                await asyncio.Event().wait()
        finally:
            reached.set()

    async with async_client_of(server.url) as client:
        task = asyncio.create_task(read(client))
        await reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert [span.name for span in recorded.spans] == ["Chat Completion"]


def test_a_stream_never_read_nor_closed_is_ended_when_it_is_collected(
    server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    server.reply(streamed(text_chunks(*PARTS)))
    with client_of(server.url) as client:
        client.chat.completions.create(**ASKED, stream=True)
        gc.collect()
        (span,) = recorded.spans
    assert told(span) == {
        "input": MESSAGES,
        "output": None,
        "metadata": {"provider": "openai", "model": MODEL},
        "metrics": None,
    }


async def test_streams_stay_the_clients_own(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    with client_of(server.url) as client:
        stream = client.chat.completions.create(**ASKED, stream=True)
        assert isinstance(stream, Stream)
        assert type(stream).__qualname__ == "Stream"
        assert stream.response.status_code == 200
        assert recorded.spans == []
        stream.close()
    async with async_client_of(server.url) as client:
        astream = await client.chat.completions.create(**ASKED, stream=True)
        assert isinstance(astream, AsyncStream)
        await astream.close()
    assert len(recorded.spans) == 2


def test_nothing_is_read_for_the_caller(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(streamed(text_chunks("a" * 200_000, "b" * 200_000)))
    with client_of(server.url) as client:
        stream = client.chat.completions.create(**ASKED, stream=True)
        assert stream.response.num_bytes_downloaded == 0
        next(stream)
        assert stream.response.num_bytes_downloaded < 300_000
        stream.close()


def test_wrapping_gives_the_same_client_and_twice_records_once(
    server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    with OpenAI(base_url=server.url, **OPTIONS) as client:
        completions = client.chat.completions
        before = repr(type(client))
        assert wrap_openai(wrap_openai(client)) is client
        assert isinstance(client, OpenAI)
        assert repr(type(client)) == before
        completions.create(**ASKED)
        wrap_openai(client.copy()).chat.completions.create(**ASKED)
    assert len(recorded.spans) == 2


def test_other_clients_are_left_alone(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    with client_of(server.url), OpenAI(base_url=server.url, **OPTIONS) as other:
        other.chat.completions.create(**ASKED)
    assert recorded.spans == []


def test_a_later_patch_of_the_clients_class_still_runs(
    server: FakeOpenAI, recorded: RecordedRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    original = OpenAI.request

    def patched(self: OpenAI, cast_to: Any, options: Any, **kwargs: Any) -> Any:
        seen.append(options.url)
        return original(self, cast_to, options, **kwargs)

    with client_of(server.url) as client:
        monkeypatch.setattr(OpenAI, "request", patched)
        client.chat.completions.create(**ASKED)
    assert seen == ["/chat/completions"]
    assert len(recorded.spans) == 1


AZURE: dict[str, Any] = {**OPTIONS, "api_version": "2024-06-01"}


async def test_azure_is_another_provider(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    endpoint = server.url.removesuffix("/v1")
    with wrap_openai(AzureOpenAI(azure_endpoint=endpoint, **AZURE)) as client:
        client.chat.completions.create(**ASKED)
    async with wrap_openai(AsyncAzureOpenAI(azure_endpoint=endpoint, **AZURE)) as aclient:
        await aclient.chat.completions.create(**ASKED)
    assert [received.path.partition("?")[0] for received in server.received] == [
        f"/openai/deployments/{MODEL}/chat/completions"
    ] * 2
    assert [attribute(span, "metadata")["provider"] for span in recorded.spans] == ["azure", "azure"]
    assert [(span.attributes or {})["gen_ai.provider.name"] for span in recorded.spans] == [
        "azure.ai.openai"
    ] * 2


def test_the_span_is_current_while_the_request_runs(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    inside: list[Any] = []

    class Looking(OpenAI):
        def request(self, *args: Any, **kwargs: Any) -> Any:
            inside.append(trace.get_current_span().get_span_context().span_id)
            return super().request(*args, **kwargs)

    with wrap_openai(Looking(base_url=server.url, **OPTIONS)) as client, start_span("caller") as caller:
        before = otel_context.get_current()
        stream = client.chat.completions.create(**ASKED, stream=True)
        assert otel_context.get_current() is before
        for _ in stream:
            assert otel_context.get_current() is before
    call, outer = recorded.spans
    assert inside == [context_of(call).span_id]
    assert call.parent == context_of(outer)
    assert caller.id == f"{context_of(outer).span_id:016x}"


def context_of(span: ReadableSpan) -> trace.SpanContext:
    context = span.get_span_context()
    assert context is not None
    return context


async def test_concurrent_calls_do_not_nest(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    async with async_client_of(server.url) as client:
        tasks = [asyncio.create_task(client.chat.completions.create(**ASKED)) for _ in range(5)]
        for task in tasks:
            await task
    assert [span.parent for span in recorded.spans] == [None] * 5


def test_without_recording_the_client_works_as_ever(server: FakeOpenAI) -> None:
    with client_of(server.url) as client:
        assert content(client.chat.completions.create(**ASKED)) == "Hello from the fake server"
        stream = client.chat.completions.create(**ASKED, stream=True)
        assert len(list(stream)) == 8
        assert type(stream) is Stream


def test_calls_are_not_recorded_where_instrumentation_is_suppressed(
    server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    token = otel_context.attach(otel_context.set_value(otel_context._SUPPRESS_INSTRUMENTATION_KEY, True))  # pyright: ignore[reportPrivateUsage]
    with client_of(server.url) as client:
        client.chat.completions.create(**ASKED)
    otel_context.detach(token)
    assert recorded.spans == []


def test_a_call_that_is_not_sampled_passes_through(server: FakeOpenAI) -> None:
    with recorded_spans(sampler=ALWAYS_OFF) as recorded, client_of(server.url) as client:
        assert content(client.chat.completions.create(**ASKED)) == "Hello from the fake server"
        assert len(list(client.chat.completions.create(**ASKED, stream=True))) == 8
    assert recorded.spans == []


def test_other_endpoints_pass_through(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(whole({}))
    with client_of(server.url) as client:
        client.post("/vector_stores", cast_to=dict[str, Any], body={"name": "text"})
    assert [received.path for received in server.received] == ["/v1/vector_stores"]
    assert recorded.spans == []


def test_span_info_is_told_and_taken_out_of_the_request(
    server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    info = {
        "metadata": {"team": "blue", "model": "mine", "prompt": {"id": "p1", "version": "7"}},
        "name": "judge",
        "span_attributes": {"purpose": "scorer", "name": "Judge"},
    }
    extra = {"span_info": info, "kept": 1}
    with client_of(server.url) as client:
        client.chat.completions.create(**ASKED, extra_body=extra)
        client.post("/chat/completions", cast_to=object, body={**ASKED, "span_info": info})
    assert extra == {"span_info": info, "kept": 1}
    assert [received.body for received in server.received] == [{**ASKED, "kept": 1}, ASKED]
    for span in recorded.spans:
        assert span.name == "judge"
        assert attribute(span, "span_attributes") == {"type": "llm", "name": "Judge", "purpose": "scorer"}
        assert attribute(span, "metadata") == {
            "team": "blue",
            "provider": "openai",
            "model": "gpt-4o-mini-2024-07-18",
            "prompt": {"id": "p1", "version": "7"},
        }


def test_span_info_is_taken_out_when_nothing_is_recorded(server: FakeOpenAI) -> None:
    with client_of(server.url) as client:
        client.chat.completions.create(**ASKED, extra_body={"span_info": {"name": "judge"}})
    assert server.received[0].body == ASKED


def test_what_is_no_openai_client_is_refused() -> None:
    with pytest.raises(InstrumentError, match="'dict' object is no OpenAI client"):
        wrap({})
    with pytest.raises(InstrumentError, match=r"give an openai\.OpenAI"):
        wrap(openai)


def test_mocks_and_proxies_of_a_client_stay_as_they_are(caplog: pytest.LogCaptureFixture) -> None:
    with OpenAI(api_key="none") as client:
        mocks = Mock(spec=OpenAI), create_autospec(AsyncOpenAI, instance=True)
        for stand_in in (*mocks, ObjectProxy(client)):
            before = type(stand_in)
            assert wrap(stand_in) is stand_in
            assert (type(stand_in), type(client)) == (before, OpenAI)
    assert [record.getMessage() for record in caplog.records] == [
        "OpenAI is not recorded: it is of class Mock; give the client itself",
        "AsyncOpenAI is not recorded: it is of class NonCallableMagicMock; give the client itself",
        "OpenAI is not recorded: it is of class ObjectProxy; give the client itself",
    ]


def test_an_openai_that_is_too_old_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai, "__version__", "1.55.2")
    with OpenAI(api_key="none") as client:
        with pytest.raises(
            InstrumentError, match=r"openai 1\.55\.2 is too old .* pip install 'openai>=1\.55\.3'"
        ):
            wrap(client)
        assert type(client) is OpenAI


def test_two_choices_are_two_outputs(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(
        whole(completion("a", "b")),
        streamed([chunk({"content": "a"}, {"content": "x"}), chunk({"content": "y"}, index=1)]),
    )
    with client_of(server.url) as client:
        client.chat.completions.create(**ASKED, n=2)
        list(client.chat.completions.create(**ASKED, n=2, stream=True))
    assert [
        [(choice["index"], choice["message"]["content"]) for choice in attribute(span, "output_json")]
        for span in recorded.spans
    ] == [[(0, "a"), (1, "b")], [(0, "a"), (1, "xy")]]
