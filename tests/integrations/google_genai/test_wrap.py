"""Every call form gives one span that tells what was asked and answered; the caller gets the client's own."""

import asyncio
import gc
import subprocess
import sys
import types as python_types
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from google import genai
from google.genai import errors, types
from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF

from fake_google import FakeGoogle, answer, candidate, chunk, failure, streamed, text_chunks, whole
from google_forms import (
    ASKED,
    INPUT,
    MODEL,
    STREAMED,
    WHOLE,
    aclosing_client,
    async_client_of,
    bare_client,
    client_of,
    closing_client,
    vertex_client,
)
from span_reading import attribute, told
from spanscore import start_span
from spanscore.errors import InstrumentError
from spanscore.integrations import google_genai
from spanscore.integrations.google_genai import patch, wrap
from spanscore.testing import RecordedRecords, recorded_spans

Form = Callable[[genai.Client], Coroutine[Any, Any, Any]]

PARTS = ("Hello", " there", "!")
TOLD: dict[str, Any] = {
    "input": INPUT,
    "output": {"candidates": answer("".join(PARTS))["candidates"]},
    "metadata": {"provider": "google", "model": "gemini-2.5-flash-001"},
    "metrics": {"tokens": 12, "prompt_tokens": 5, "completion_tokens": 7},
}
TOLD_STREAMED = {**TOLD, "metrics": {**TOLD["metrics"], "time_to_first_token": True}}
TOLD_BROKEN_OFF = {
    "input": INPUT,
    "output": {"candidates": chunk("Hello there")["candidates"]},
    "metadata": {"provider": "google", "model": "gemini-2.5-flash-001"},
    "metrics": {"tokens": 5, "prompt_tokens": 5, "time_to_first_token": True},
}
EVERY = {**WHOLE, **STREAMED}


@pytest.fixture
def patched() -> Iterator[None]:
    undo = patch()
    yield
    undo()


@pytest.mark.parametrize("form", WHOLE.values(), ids=WHOLE)
async def test_a_whole_answer_is_told(form: Form, server: FakeGoogle, recorded: RecordedRecords) -> None:
    server.reply(whole(answer("Hello there!")))
    async with async_client_of(server.url) as client:
        assert (await form(client)).text == "Hello there!"
    assert [(span.name, told(span)) for span in recorded.spans] == [("generate_content", TOLD)]


@pytest.mark.parametrize("form", STREAMED.values(), ids=STREAMED)
async def test_a_streamed_answer_is_told_like_a_whole_one(
    form: Form, server: FakeGoogle, recorded: RecordedRecords
) -> None:
    server.reply(streamed(text_chunks(*PARTS)))
    async with async_client_of(server.url) as client:
        assert [one.text for one in await form(client)] == list(PARTS)
    assert [(span.name, told(span)) for span in recorded.spans] == [("generate_content", TOLD_STREAMED)]


@pytest.mark.parametrize("form", EVERY.values(), ids=EVERY)
async def test_a_patched_package_and_a_wrapped_client_give_one_span(
    form: Form, server: FakeGoogle, recorded: RecordedRecords, patched: None
) -> None:
    async with aclosing_client(bare_client(server.url)) as client:
        await form(client)
        await form(wrap(client))
    expected = TOLD_STREAMED if form in STREAMED.values() else TOLD
    assert [told(span)["metrics"] for span in recorded.spans] == [expected["metrics"]] * 2


@pytest.mark.parametrize("form", EVERY.values(), ids=EVERY)
async def test_what_is_patched_is_undone(form: Form, server: FakeGoogle, recorded: RecordedRecords) -> None:
    undo = patch()
    async with aclosing_client(bare_client(server.url)) as client:
        undo()
        undo()
        await form(client)
        assert recorded.spans == []
        await form(wrap(client))
        assert len(recorded.spans) == 1


@pytest.mark.parametrize("form", EVERY.values(), ids=EVERY)
async def test_an_error_of_the_api_is_raised_and_recorded(
    form: Form, server: FakeGoogle, recorded: RecordedRecords
) -> None:
    server.reply(failure(404, "no such model", "NOT_FOUND"))
    async with async_client_of(server.url) as client:
        with pytest.raises(errors.ClientError, match="no such model") as raised:
            await form(client)
    assert (raised.value.code, raised.value.status) == (404, "NOT_FOUND")
    (span,) = recorded.spans
    assert attribute(span, "input_json") == INPUT
    assert attribute(span, "output_json") is None
    assert (span.attributes or {})["error.type"] == "google.genai.errors.ClientError"
    assert (span.attributes or {})["http.response.status_code"] == 404
    assert span.status.status_code is trace.StatusCode.ERROR
    (event,) = span.events
    assert "no such model" in str((event.attributes or {})["exception.message"])
    assert "Traceback" in str((event.attributes or {})["exception.stacktrace"])


def test_the_error_is_the_clients_own_object(
    server: FakeGoogle, recorded: RecordedRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = RuntimeError("from the depths")

    def fail(*args: Any, **kwargs: Any) -> Any:
        raise error

    with client_of(server.url) as client:
        monkeypatch.setattr(client._api_client, "_request", fail)
        with pytest.raises(RuntimeError) as raised:
            client.models.generate_content(**ASKED)
        assert raised.value is error
        with pytest.raises(RuntimeError) as raised:
            list(client.models.generate_content_stream(**ASKED))
        assert raised.value is error
    assert [span.status.status_code for span in recorded.spans] == [trace.StatusCode.ERROR] * 2


@pytest.mark.parametrize("form", EVERY.values(), ids=EVERY)
async def test_a_call_is_one_span_whatever_the_retries(
    form: Form, server: FakeGoogle, recorded: RecordedRecords
) -> None:
    server.reply(failure(503, "overloaded", "UNAVAILABLE"))
    retries = types.HttpRetryOptions(attempts=2, initial_delay=0.001, max_delay=0.001)
    async with async_client_of(server.url, retry_options=retries) as client:
        await form(client)
    (span,) = recorded.spans
    assert len(server.received) == 2
    assert span.status.status_code is trace.StatusCode.UNSET


def test_a_server_that_is_not_there_is_an_error(recorded: RecordedRecords) -> None:
    with client_of("http://127.0.0.1:1") as client, pytest.raises(Exception, match="refused"):
        client.models.generate_content(**ASKED)
    (span,) = recorded.spans
    assert str((span.attributes or {})["error.type"]).endswith("ConnectError")


@pytest.mark.parametrize("form", STREAMED.values(), ids=STREAMED)
async def test_a_stream_that_breaks_down_keeps_what_has_come(
    form: Form, server: FakeGoogle, recorded: RecordedRecords
) -> None:
    server.reply(streamed(text_chunks(*PARTS)[:2], is_cut=True))
    async with async_client_of(server.url) as client:
        with pytest.raises(Exception, match="closed connection"):
            await form(client)
    (span,) = recorded.spans
    assert told(span) == TOLD_BROKEN_OFF
    assert span.status.status_code is trace.StatusCode.ERROR
    assert str((span.attributes or {})["error.type"]).endswith("RemoteProtocolError")


def _break(client: genai.Client) -> None:
    for number, _ in enumerate(client.models.generate_content_stream(**ASKED)):
        if number == 1:
            break


def _next_and_close(client: genai.Client) -> None:
    stream: Any = client.models.generate_content_stream(**ASKED)
    next(stream)
    next(stream)
    stream.close()
    stream.close()


def _chat(client: genai.Client) -> None:
    stream: Any = client.chats.create(model=MODEL).send_message_stream("hi")
    next(stream)
    next(stream)
    del stream


@pytest.mark.parametrize("broken_off", [_break, _next_and_close, _chat])
def test_a_stream_broken_off_keeps_what_was_read_and_is_no_error(
    broken_off: Callable[[genai.Client], None], server: FakeGoogle, recorded: RecordedRecords
) -> None:
    server.reply(streamed(text_chunks(*PARTS)))
    with client_of(server.url) as client:
        broken_off(client)
        gc.collect()
        assert [told(span) for span in recorded.spans] == [TOLD_BROKEN_OFF]
    assert recorded.spans[0].status.status_code is trace.StatusCode.UNSET


async def _abreak(client: genai.Client) -> None:
    async for part in await client.aio.models.generate_content_stream(**ASKED):
        if part.text == PARTS[1]:
            break


async def _anext_and_close(client: genai.Client) -> None:
    stream: Any = await client.aio.models.generate_content_stream(**ASKED)
    await anext(stream)
    await anext(stream)
    await stream.aclose()


@pytest.mark.parametrize("broken_off", [_abreak, _anext_and_close])
def test_an_async_stream_broken_off_keeps_what_was_read(
    broken_off: Form, server: FakeGoogle, recorded: RecordedRecords
) -> None:
    server.reply(streamed(text_chunks(*PARTS)))

    async def run() -> None:
        async with async_client_of(server.url) as client:
            await broken_off(client)
            gc.collect()

    # The loop closes the generators that are left.
    asyncio.run(run())
    assert [told(span) for span in recorded.spans] == [TOLD_BROKEN_OFF]
    assert recorded.spans[0].status.status_code is trace.StatusCode.UNSET


async def test_a_stream_whose_task_is_cancelled_is_ended(
    server: FakeGoogle, recorded: RecordedRecords
) -> None:
    server.reply(streamed(text_chunks(*PARTS)))
    reached = asyncio.Event()

    async def read(client: genai.Client) -> None:
        stream: Any = await client.aio.models.generate_content_stream(**ASKED)
        try:
            await anext(stream)
            reached.set()
            await asyncio.Event().wait()
        finally:
            await stream.aclose()

    async with async_client_of(server.url) as client:
        task = asyncio.create_task(read(client))
        await reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        # Generators within the stream are closed by the loop.
        for _ in range(10):
            gc.collect()
            await asyncio.sleep(0)
    assert [told(span)["output"] for span in recorded.spans] == [{"candidates": chunk("Hello")["candidates"]}]


def test_a_stream_that_is_never_read_asks_for_nothing(server: FakeGoogle, recorded: RecordedRecords) -> None:
    with client_of(server.url) as client:
        client.models.generate_content_stream(**ASKED)
        gc.collect()
    assert (server.received, recorded.spans) == ([], [])


async def test_streams_stay_what_they_are(server: FakeGoogle, recorded: RecordedRecords) -> None:
    tools: Any = {"tools": [weather]}
    async with async_client_of(server.url) as client:
        for config in (None, tools):
            stream = client.models.generate_content_stream(**ASKED, config=config)
            assert type(stream) is python_types.GeneratorType
            astream = await client.aio.models.generate_content_stream(**ASKED, config=config)
            assert type(astream) is python_types.AsyncGeneratorType
            stream.close()
            await astream.aclose()
    assert (server.received, recorded.spans) == ([], [])


def weather(city: str) -> str:
    """The weather of a city."""
    return f"sunny in {city}"


def test_nothing_is_read_for_the_caller(server: FakeGoogle, recorded: RecordedRecords) -> None:
    server.reply(streamed([chunk("a"), chunk("b" * 1_000_000), answer("c")]))
    with client_of(server.url) as client:
        stream: Any = client.models.generate_content_stream(**ASKED)
        assert next(stream).text == "a"
        assert recorded.spans == []
        stream.close()
    assert told(recorded.spans[0])["output"] == {"candidates": chunk("a")["candidates"]}


def test_wrapping_gives_the_same_client_and_twice_records_once(
    server: FakeGoogle, recorded: RecordedRecords
) -> None:
    with closing_client(bare_client(server.url)) as client:
        models, chat = client.models, client.chats.create(model=MODEL)
        assert wrap(wrap(client)) is client
        assert isinstance(models, genai.models.Models)
        assert repr(type(models)) == repr(genai.models.Models)
        models.generate_content(**ASKED)
        chat.send_message("hi")
    assert [told(span)["input"] for span in recorded.spans] == [INPUT] * 2


def test_other_clients_are_left_alone(server: FakeGoogle, recorded: RecordedRecords) -> None:
    with client_of(server.url), closing_client(bare_client(server.url)) as other:
        other.models.generate_content(**ASKED)
        list(other.chats.create(model=MODEL).send_message_stream("hi"))
    assert recorded.spans == []


def test_a_later_patch_of_the_clients_class_still_runs(
    server: FakeGoogle, recorded: RecordedRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    original = genai.models.Models.generate_content

    def patched(self: Any, **kwargs: Any) -> Any:
        seen.append(kwargs["model"])
        return original(self, **kwargs)

    with client_of(server.url) as client:
        monkeypatch.setattr(genai.models.Models, "generate_content", patched)
        client.models.generate_content(**ASKED)
    assert seen == [MODEL]
    assert len(recorded.spans) == 1


def test_vertex_ai_is_another_service_of_the_same_provider(
    server: FakeGoogle, recorded: RecordedRecords
) -> None:
    with closing_client(wrap(vertex_client(server.url))) as client:
        client.models.generate_content(**ASKED)
        list(client.models.generate_content_stream(**ASKED))
    assert server.received[0].path.endswith(f"/publishers/google/models/{MODEL}:generateContent")
    for span in recorded.spans:
        attributes = span.attributes or {}
        assert attribute(span, "metadata")["provider"] == "google"
        assert attributes["gen_ai.provider.name"] == "gcp.vertex_ai"
        assert (attributes["server.address"], attributes["server.port"]) == ("127.0.0.1", server.port)


@pytest.mark.parametrize("form", EVERY.values(), ids=EVERY)
async def test_the_span_is_current_while_the_request_is_made_and_no_longer(
    form: Form, server: FakeGoogle, recorded: RecordedRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside: list[int] = []
    async with async_client_of(server.url) as client:
        build = client._api_client._build_request

        def looking(*args: Any, **kwargs: Any) -> Any:
            inside.append(trace.get_current_span().get_span_context().span_id)
            return build(*args, **kwargs)

        monkeypatch.setattr(client._api_client, "_build_request", looking)
        with start_span("caller"):
            before = otel_context.get_current()
            await form(client)
            assert otel_context.get_current() is before
    call, outer = recorded.spans
    assert inside == [context_of(call).span_id]
    assert call.parent == context_of(outer)


def test_what_the_reader_of_a_stream_does_is_not_below_the_call(
    server: FakeGoogle, recorded: RecordedRecords
) -> None:
    with client_of(server.url) as client:
        for _ in client.models.generate_content_stream(**ASKED):
            with start_span("reader"):
                pass
    assert [span.parent for span in recorded.spans] == [None] * 6


def context_of(span: Any) -> trace.SpanContext:
    return span.get_span_context()


async def test_concurrent_calls_do_not_nest(server: FakeGoogle, recorded: RecordedRecords) -> None:
    async with async_client_of(server.url) as client:
        tasks = [asyncio.create_task(WHOLE["async generate_content"](client)) for _ in range(5)]
        for task in tasks:
            await task
    assert [span.parent for span in recorded.spans] == [None] * 5


@pytest.mark.parametrize("form", EVERY.values(), ids=EVERY)
async def test_without_recording_the_client_works_as_ever(form: Form, server: FakeGoogle) -> None:
    async with async_client_of(server.url) as client:
        assert await form(client)


@pytest.mark.parametrize("form", EVERY.values(), ids=EVERY)
async def test_calls_are_not_recorded_where_instrumentation_is_suppressed(
    form: Form, server: FakeGoogle, recorded: RecordedRecords
) -> None:
    token = otel_context.attach(otel_context.set_value(otel_context._SUPPRESS_INSTRUMENTATION_KEY, True))
    async with async_client_of(server.url) as client:
        await form(client)
    otel_context.detach(token)
    assert recorded.spans == []


@pytest.mark.parametrize("form", EVERY.values(), ids=EVERY)
async def test_a_call_that_is_not_sampled_passes_through(form: Form, server: FakeGoogle) -> None:
    with recorded_spans(sampler=ALWAYS_OFF) as recorded:
        async with async_client_of(server.url) as client:
            assert await form(client)
    assert recorded.spans == []


def test_counting_tokens_is_no_model_call(server: FakeGoogle, recorded: RecordedRecords) -> None:
    server.reply(whole({"totalTokens": 3}))
    with client_of(server.url) as client:
        assert client.models.count_tokens(**ASKED).total_tokens == 3
    assert recorded.spans == []


def test_the_package_is_recorded_as_soon_as_it_is_imported() -> None:
    """In a process of its own, where it has not been imported yet."""
    program = (
        "import sys; from spanscore import instrument; from spanscore.testing import recorded_spans\n"
        "instrument('google_genai'); print('google.genai' in sys.modules)\n"
        "from fake_google import FakeGoogle; from google import genai\n"
        "with FakeGoogle() as server, recorded_spans() as recorded:\n"
        "    client = genai.Client(api_key='k', http_options=genai.types.HttpOptions(base_url=server.url))\n"
        "    print(client.models.generate_content(model='m', contents='hi').text)\n"
        "    print([span.name for span in recorded.spans])\n"
    )
    tests = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {tests!r})\n{program}"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.splitlines() == ["False", "Hello from the fake server", "['generate_content']"]


def test_what_is_no_client_is_refused() -> None:
    with pytest.raises(InstrumentError, match="'dict' object is no google-genai client"):
        wrap({})
    with (
        closing_client(bare_client("http://127.0.0.1:1")) as client,
        pytest.raises(InstrumentError, match=r"give a google\.genai\.Client"),
    ):
        wrap(client.models)


def test_a_version_that_is_too_old_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(genai, "__version__", "0.8.0")
    with closing_client(bare_client("http://127.0.0.1:1")) as client:
        with pytest.raises(InstrumentError, match=r"google-genai 0\.8\.0 is too old .* pip install"):
            wrap(client)
        with pytest.raises(InstrumentError, match="too old"):
            patch()
        assert type(client.models) is genai.models.Models


def test_a_version_without_what_is_recorded_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    before = genai.models.Models.generate_content
    lacking = (*google_genai._PATCHED, (python_types.SimpleNamespace(__name__="helpers"), {"gone": len}))
    monkeypatch.setattr(google_genai, "_PATCHED", lacking)
    with pytest.raises(InstrumentError, match="helpers has no 'gone'"):
        patch()
    assert genai.models.Models.generate_content is before


@pytest.mark.parametrize("form", WHOLE.values(), ids=WHOLE)
async def test_two_candidates_are_two_outputs(
    form: Form, server: FakeGoogle, recorded: RecordedRecords
) -> None:
    candidates = [candidate("a", index=0), candidate("b", index=1)]
    server.reply(whole(answer(candidates=candidates)))
    async with async_client_of(server.url) as client:
        await form(client)
    assert told(recorded.spans[0])["output"] == {"candidates": candidates}
