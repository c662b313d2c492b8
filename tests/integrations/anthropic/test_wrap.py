"""Every call form gives one span that tells what was asked and answered; the caller gets the client's own."""

import asyncio
import gc
from typing import Any
from unittest.mock import Mock

import anthropic
import pytest
from anthropic import Anthropic, AsyncAnthropic, AsyncStream, Stream
from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF

from anthropic_forms import (
    ASKED,
    INPUT,
    OPTIONS,
    STREAMED,
    VERSION,
    WHOLE,
    Form,
    async_client_of,
    bare,
    client_of,
    ours,
    outcome,
    run,
)
from fake_anthropic import (
    MODEL,
    FakeAnthropic,
    error,
    failure,
    message,
    start,
    streamed,
    text_block,
    text_events,
    whole,
)
from span_reading import attribute, told
from spanscore import start_span, wrap_anthropic
from spanscore.errors import InstrumentError
from spanscore.integrations.anthropic import patch, wrap
from spanscore.testing import RecordedRecords, recorded_spans

ANSWER = '{"n": 1}'
PARTS = ('{"n"', ": 1", "}")
TOLD: dict[str, Any] = {
    "input": INPUT,
    "output": {
        "role": "assistant",
        "content": [{"type": "text", "text": ANSWER}],
        "stop_reason": "end_turn",
    },
    "metadata": {"provider": "anthropic", "model": MODEL, "max_tokens": 99},
    "metrics": {
        "tokens": 12,
        "prompt_tokens": 5,
        "completion_tokens": 7,
        "prompt_cached_tokens": 0,
        "prompt_cache_creation_tokens": 0,
    },
}
TOLD_STREAMED = {**TOLD, "metrics": {**TOLD["metrics"], "time_to_first_token": True}}
FORMS = {**WHOLE, **STREAMED}


@pytest.mark.parametrize("form", WHOLE.values(), ids=WHOLE.keys())
async def test_a_whole_answer_is_told(form: Form, server: FakeAnthropic, recorded: RecordedRecords) -> None:
    server.reply(whole(message(ANSWER)))
    await run(form, server.url)
    # `parse()` sends the form of the answer, which then belongs to the metadata.
    sent = server.received[0].body
    wanted = (sent.get("output_config") or {}).get("format") or sent.get("output_format")
    metadata = TOLD["metadata"] | ({"response_format": wanted} if wanted else {})
    assert [(span.name, told(span)) for span in recorded.spans] == [
        ("anthropic.messages.create", {**TOLD, "metadata": metadata})
    ]


@pytest.mark.parametrize("form", STREAMED.values(), ids=STREAMED.keys())
async def test_a_streamed_answer_is_told_like_a_whole_one(
    form: Form, server: FakeAnthropic, recorded: RecordedRecords
) -> None:
    server.reply(streamed(text_events(*PARTS)))
    await run(form, server.url)
    assert [(span.name, told(span)) for span in recorded.spans] == [
        ("anthropic.messages.stream", TOLD_STREAMED)
    ]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
async def test_an_error_of_the_api_is_raised_and_recorded(
    form: Form, server: FakeAnthropic, recorded: RecordedRecords
) -> None:
    server.reply(failure(404, "not_found_error", "no such model"))
    with pytest.raises(anthropic.NotFoundError, match="no such model"):
        await run(form, server.url)
    (span,) = recorded.spans
    attributes = span.attributes or {}
    assert attribute(span, "input_json") == INPUT
    assert attribute(span, "output_json") is None
    assert attributes["error.type"] == "anthropic.NotFoundError"
    assert attributes["http.response.status_code"] == 404
    assert attributes["http.response.header.x-request-id"] == ("req_1",)
    assert span.status.status_code is trace.StatusCode.ERROR
    assert "no such model" in str(span.status.description)
    (event,) = span.events
    assert "Traceback" in str((event.attributes or {})["exception.stacktrace"])


async def test_a_server_that_is_not_there_is_an_error(recorded: RecordedRecords) -> None:
    with pytest.raises(anthropic.APIConnectionError):
        await run(WHOLE["create"], "http://127.0.0.1:1")
    (span,) = recorded.spans
    assert (span.attributes or {})["error.type"] == "anthropic.APIConnectionError"


REPLIES = {
    "an answer": [whole(message(ANSWER))],
    "400": [failure(400)],
    "429 for ever": [failure(429, "rate_limit_error")] * 3,
    "429, then an answer": [failure(429, "rate_limit_error"), whole(message(ANSWER))],
}
STREAMED_REPLIES = {
    "a stream": [streamed(text_events(*PARTS))],
    "500, then a stream": [failure(500, "api_error"), streamed(text_events(*PARTS))],
    "529": [failure(529, "overloaded_error", "Overloaded")] * 3,
    "a cut stream": [streamed([start(), *text_block(0, "one")], is_cut=True)],
    "a stream without its end": [streamed([start(), *text_block(0, "one")])],
    "an error in the stream": [streamed([start(), *text_block(0, "one"), error()])],
}
SCRIPTS = {
    f"{name}, {reply}": (form, replies)
    for forms, by_name in ((WHOLE, REPLIES), (STREAMED, STREAMED_REPLIES))
    for name, form in forms.items()
    for reply, replies in by_name.items()
}


@pytest.mark.parametrize("name", SCRIPTS)
async def test_the_caller_gets_what_the_bare_client_gives(name: str, server: FakeAnthropic) -> None:
    form, replies = SCRIPTS[name]
    expected = await outcome(form, server, *replies, wrap=bare, max_retries=2)
    with recorded_spans() as recorded:
        assert await outcome(form, server, *replies, max_retries=2) == expected
        if not recorded.spans:
            gc.collect()  # a caller that fails in the middle of a stream leaves it to the collector
        assert len(recorded.spans) == 1
    # Who reads the lines gets the error as one of them.
    failed = expected[0][0] != "value" or name.endswith("lines, an error in the stream")
    assert (recorded.spans[0].status.status_code is trace.StatusCode.ERROR) is failed


def test_the_error_is_the_clients_own_object(server: FakeAnthropic, recorded: RecordedRecords) -> None:
    raised_within = anthropic.AnthropicError("from the depths")

    class Failing(Anthropic):
        def request(self, *args: Any, **kwargs: Any) -> Any:
            raise raised_within

    with (
        wrap_anthropic(Failing(base_url=server.url, **OPTIONS)) as client,
        pytest.raises(anthropic.AnthropicError) as raised,
    ):
        client.messages.create(**ASKED)
    assert raised.value is raised_within
    assert [span.status.status_code for span in recorded.spans] == [trace.StatusCode.ERROR]


ONE: dict[str, Any] = {"role": "assistant", "content": [{"type": "text", "text": "one"}]}


@pytest.mark.parametrize("kind", ["sync", "async"])
async def test_a_stream_that_breaks_down_keeps_what_has_come(
    kind: str, server: FakeAnthropic, recorded: RecordedRecords
) -> None:
    server.reply(streamed([start(), *text_block(0, "one")[:2]], is_cut=True))
    form = STREAMED["stream"] if kind == "sync" else STREAMED["async stream"]
    with pytest.raises(Exception, match=r"closed|Connection error") as raised:
        await run(form, server.url)
    (span,) = recorded.spans
    assert attribute(span, "output_json") == ONE
    assert attribute(span, "metrics").keys() == {
        "prompt_tokens",
        "prompt_cached_tokens",
        "prompt_cache_creation_tokens",
        "time_to_first_token",
    }
    assert span.status.status_code is trace.StatusCode.ERROR
    assert str((span.attributes or {})["error.type"]).endswith(type(raised.value).__name__)


async def test_an_error_event_in_a_stream_is_recorded(
    server: FakeAnthropic, recorded: RecordedRecords
) -> None:
    server.reply(streamed([start(), *text_block(0, "one"), error("overloaded_error", "too much")]))
    with pytest.raises(anthropic.APIStatusError, match="too much"):
        await run(STREAMED["stream"], server.url)
    (span,) = recorded.spans
    assert attribute(span, "output_json") == ONE
    assert span.status.status_code is trace.StatusCode.ERROR
    assert "too much" in str(span.status.description)


TOLD_BROKEN_OFF = {
    **TOLD,
    "output": {"role": "assistant", "content": [{"type": "text", "text": '{"n"'}]},
    "metrics": {
        "prompt_tokens": 5,
        "prompt_cached_tokens": 0,
        "prompt_cache_creation_tokens": 0,
        "time_to_first_token": True,
    },
}


def _three(stream: Any) -> None:
    for _ in range(3):
        next(stream)


def _break_in_with(client: Anthropic) -> None:
    with client.messages.create(**ASKED, stream=True) as stream:
        _three(stream)


def _next_and_close(client: Anthropic) -> None:
    stream = client.messages.create(**ASKED, stream=True)
    _three(stream)
    stream.response.close()
    stream.response.close()


def _break(client: Anthropic) -> None:
    for number, _ in enumerate(client.messages.create(**ASKED, stream=True)):
        if number == 2:
            break


def _helper(client: Anthropic) -> None:
    with client.messages.stream(**ASKED) as stream:
        next(stream.text_stream)


BROKEN_OFF = [_break_in_with, _next_and_close, _break]
if VERSION >= (0, 49):
    # The helper of older versions reads the response past its own stream: all that was received is told.
    BROKEN_OFF.append(_helper)


@pytest.mark.parametrize("broken_off", BROKEN_OFF)
def test_a_stream_broken_off_keeps_what_was_read_and_is_no_error(
    broken_off: Any, server: FakeAnthropic, recorded: RecordedRecords
) -> None:
    server.reply(streamed(text_events(*PARTS)))
    with client_of(server.url) as client:
        broken_off(client)
        gc.collect()
        assert [told(span) for span in recorded.spans] == [TOLD_BROKEN_OFF]
    assert recorded.spans[0].status.status_code is trace.StatusCode.UNSET


async def test_an_async_stream_broken_off_keeps_what_was_read(
    server: FakeAnthropic, recorded: RecordedRecords
) -> None:
    server.reply(streamed(text_events(*PARTS)))
    async with (
        async_client_of(server.url) as client,
        await client.messages.create(**ASKED, stream=True) as stream,
    ):
        for _ in range(3):
            await stream.__anext__()
    assert [told(span) for span in recorded.spans] == [TOLD_BROKEN_OFF]
    assert recorded.spans[0].status.status_code is trace.StatusCode.UNSET


async def test_a_stream_whose_task_is_cancelled_is_ended(
    server: FakeAnthropic, recorded: RecordedRecords
) -> None:
    reached = asyncio.Event()

    async def read(client: AsyncAnthropic) -> None:
        async with await client.messages.create(**ASKED, stream=True) as stream:
            await stream.__anext__()
            reached.set()
            await asyncio.Event().wait()

    async with async_client_of(server.url) as client:
        task = asyncio.create_task(read(client))
        await reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert [span.name for span in recorded.spans] == ["anthropic.messages.stream"]


def test_a_stream_never_read_nor_closed_is_ended_when_it_is_collected(
    server: FakeAnthropic, recorded: RecordedRecords
) -> None:
    with client_of(server.url) as client:
        client.messages.create(**ASKED, stream=True)
        gc.collect()
        (span,) = recorded.spans
    assert told(span) == {**TOLD, "output": None, "metrics": None}


async def test_streams_stay_the_clients_own(server: FakeAnthropic, recorded: RecordedRecords) -> None:
    with client_of(server.url) as client:
        stream = client.messages.create(**ASKED, stream=True)
        assert Stream in type(stream).__mro__
        assert type(stream).__qualname__ == "Stream"
        assert stream.response.status_code == 200
        assert recorded.spans == []
        stream.response.close()
    async with async_client_of(server.url) as client:
        astream = await client.messages.create(**ASKED, stream=True)
        assert AsyncStream in type(astream).__mro__
        await astream.response.aclose()
    assert len(recorded.spans) == 2


def test_nothing_is_read_for_the_caller(server: FakeAnthropic, recorded: RecordedRecords) -> None:
    server.reply(streamed(text_events("a" * 200_000, "b" * 200_000)))
    with client_of(server.url) as client:
        stream = client.messages.create(**ASKED, stream=True)
        assert stream.response.num_bytes_downloaded == 0
        next(stream)
        assert stream.response.num_bytes_downloaded < 300_000
        stream.response.close()


def test_wrapping_gives_the_same_client_and_twice_records_once(
    server: FakeAnthropic, recorded: RecordedRecords
) -> None:
    with Anthropic(base_url=server.url, **OPTIONS) as client:
        messages = client.messages
        before = repr(type(client))
        assert wrap_anthropic(wrap_anthropic(client)) is client
        assert isinstance(client, Anthropic)
        assert repr(type(client)) == before
        messages.create(**ASKED)
        wrap_anthropic(client.copy()).messages.create(**ASKED)
    assert len(recorded.spans) == 2


def test_other_clients_are_left_alone(server: FakeAnthropic, recorded: RecordedRecords) -> None:
    with client_of(server.url), client_of(server.url, wrap=bare) as other:
        other.messages.create(**ASKED)
    assert ours(recorded.spans) == []


async def test_all_clients_are_recorded_until_that_is_undone(
    server: FakeAnthropic, recorded: RecordedRecords
) -> None:
    before = (dict(vars(Anthropic)), dict(vars(AsyncAnthropic)))
    with client_of(server.url, wrap=bare) as earlier:
        undo = patch()
        earlier.messages.create(**ASKED)
        await run(WHOLE["async create"], server.url, wrap=bare)
        assert len(recorded.spans) == 2
        await run(WHOLE["create"], server.url)  # wrapped too
        assert len(recorded.spans) == 3
        undo()
        undo()
        earlier.messages.create(**ASKED)
        assert len(ours(recorded.spans)) == 3
    assert (dict(vars(Anthropic)), dict(vars(AsyncAnthropic))) == before


def test_a_later_patch_of_the_clients_class_still_runs(
    server: FakeAnthropic, recorded: RecordedRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    original = Anthropic.request

    def patched(self: Anthropic, cast_to: Any, options: Any, **kwargs: Any) -> Any:
        seen.append(options.url)
        return original(self, cast_to, options, **kwargs)

    with client_of(server.url) as client:
        monkeypatch.setattr(Anthropic, "request", patched)
        client.messages.create(**ASKED)
    assert seen == ["/v1/messages"]
    assert len(recorded.spans) == 1


def test_the_span_is_current_while_the_request_runs(server: FakeAnthropic, recorded: RecordedRecords) -> None:
    inside: list[Any] = []

    class Looking(Anthropic):
        def request(self, *args: Any, **kwargs: Any) -> Any:
            inside.append(trace.get_current_span().get_span_context().span_id)
            return super().request(*args, **kwargs)

    with wrap_anthropic(Looking(base_url=server.url, **OPTIONS)) as client, start_span("caller"):
        before = otel_context.get_current()
        stream = client.messages.create(**ASKED, stream=True)
        assert otel_context.get_current() is before
        for _ in stream:
            assert otel_context.get_current() is before
    call, outer = recorded.spans
    assert [f"{one:016x}" for one in inside] == [f"{call.get_span_context().span_id:016x}"]  # pyright: ignore[reportOptionalMemberAccess]
    assert call.parent == outer.get_span_context()


async def test_concurrent_calls_do_not_nest(server: FakeAnthropic, recorded: RecordedRecords) -> None:
    async with async_client_of(server.url) as client:
        tasks = [asyncio.create_task(client.messages.create(**ASKED)) for _ in range(5)]
        for task in tasks:
            await task
    assert [span.parent for span in recorded.spans] == [None] * 5


def test_without_recording_the_client_works_as_ever(server: FakeAnthropic) -> None:
    with client_of(server.url) as client:
        assert client.messages.create(**ASKED).id == "msg_1"
        stream = client.messages.create(**ASKED, stream=True)
        assert len(list(stream)) == 10
        assert type(stream) is Stream


def test_calls_are_not_recorded_where_instrumentation_is_suppressed(
    server: FakeAnthropic, recorded: RecordedRecords
) -> None:
    token = otel_context.attach(otel_context.set_value(otel_context._SUPPRESS_INSTRUMENTATION_KEY, True))  # pyright: ignore[reportPrivateUsage]
    with client_of(server.url) as client:
        client.messages.create(**ASKED)
    otel_context.detach(token)
    assert ours(recorded.spans) == []


def test_a_call_that_is_not_sampled_passes_through(server: FakeAnthropic) -> None:
    with recorded_spans(sampler=ALWAYS_OFF) as recorded, client_of(server.url) as client:
        assert client.messages.create(**ASKED).id == "msg_1"
        assert len(list(client.messages.create(**ASKED, stream=True))) == 10
    assert recorded.spans == []


def test_counting_tokens_is_no_call_of_a_model(server: FakeAnthropic, recorded: RecordedRecords) -> None:
    server.reply(whole({"input_tokens": 5}))
    with client_of(server.url) as client:
        messages = client.messages if hasattr(client.messages, "count_tokens") else client.beta.messages
        assert messages.count_tokens(model=MODEL, messages=ASKED["messages"]).input_tokens == 5
    assert ours(recorded.spans) == []


def test_span_info_is_told_and_taken_out_of_the_request(
    server: FakeAnthropic, recorded: RecordedRecords
) -> None:
    info = {
        "metadata": {"team": "blue", "model": "mine", "prompt": {"id": "p1", "version": "7"}},
        "name": "judge",
        "span_attributes": {"purpose": "scorer", "name": "Judge"},
    }
    extra = {"span_info": info, "kept": 1}
    with client_of(server.url) as client:
        client.messages.create(**ASKED, extra_body=extra)
    assert extra == {"span_info": info, "kept": 1}
    assert server.received[0].body == {**ASKED, "kept": 1}
    (span,) = recorded.spans
    assert span.name == "judge"
    assert attribute(span, "span_attributes") == {"type": "llm", "name": "Judge", "purpose": "scorer"}
    assert attribute(span, "metadata") == {
        "team": "blue",
        "provider": "anthropic",
        "model": MODEL,
        "max_tokens": 99,
        "prompt": {"id": "p1", "version": "7"},
    }


def test_what_is_no_anthropic_client_is_refused() -> None:
    with pytest.raises(InstrumentError, match="'dict' object is no Anthropic client"):
        wrap({})
    with pytest.raises(InstrumentError, match=r"give an anthropic\.Anthropic"):
        wrap(anthropic)


def test_a_mock_of_a_client_stays_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    mock = Mock(spec=Anthropic)
    before = dict(vars(Mock))
    assert wrap(mock) is mock
    assert dict(vars(Mock)) == before
    assert "not recorded" in caplog.text


def test_an_anthropic_that_is_too_old_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anthropic, "__version__", "0.39.0")
    with Anthropic(api_key="none") as client:
        with pytest.raises(
            InstrumentError, match=r"anthropic 0\.39\.0 is too old .* pip install 'anthropic>=0\.40\.0'"
        ):
            wrap(client)
        with pytest.raises(InstrumentError, match="too old"):
            patch()
        assert type(client) is Anthropic
