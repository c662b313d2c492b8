"""Calls in which the client executes functions: a task, and below it requests and functions in order."""

import asyncio
import gc
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from google import genai
from google.genai import errors, types
from opentelemetry import context as otel_context
from opentelemetry.trace import StatusCode

from fake_google import FakeGoogle, Reply, answer, chunk, failure, function_call, streamed, text_chunks, whole
from google_forms import (
    CONTENTS,
    INPUT,
    MODEL,
    aclosing_client,
    async_client_of,
    bare_client,
    client_of,
    collected,
)
from span_reading import attribute, told
from spanscore import start_span
from spanscore.integrations.google_genai import patch, wrap
from spanscore.testing import RecordedRecords

Form = Callable[[genai.Client, Any], Awaitable[Any]]


def weather(city: str) -> dict[str, str]:
    """The weather of a city."""
    if city == "Atlantis":
        raise LookupError("no such city")
    return {"sky": f"sunny in {city}"}


async def _models(client: genai.Client, config: Any) -> Any:
    return client.models.generate_content(model=MODEL, contents="hi", config=config).text


async def _chat(client: genai.Client, config: Any) -> Any:
    return client.chats.create(model=MODEL, config=config).send_message("hi").text


async def _chat_with_config(client: genai.Client, config: Any) -> Any:
    return client.chats.create(model=MODEL).send_message("hi", config).text


async def _amodels(client: genai.Client, config: Any) -> Any:
    return (await client.aio.models.generate_content(model=MODEL, contents="hi", config=config)).text


async def _achat(client: genai.Client, config: Any) -> Any:
    return (await client.aio.chats.create(model=MODEL).send_message("hi", config=config)).text


def _text(chunks: list[Any]) -> str:
    return "".join(one.text or "" for one in chunks)


async def _stream(client: genai.Client, config: Any) -> Any:
    return _text(list(client.models.generate_content_stream(model=MODEL, contents="hi", config=config)))


async def _chat_stream(client: genai.Client, config: Any) -> Any:
    return _text(list(client.chats.create(model=MODEL, config=config).send_message_stream("hi")))


async def _astream(client: genai.Client, config: Any) -> Any:
    stream = await client.aio.models.generate_content_stream(model=MODEL, contents="hi", config=config)
    return _text(await collected(stream))


async def _achat_stream(client: genai.Client, config: Any) -> Any:
    chat = client.aio.chats.create(model=MODEL, config=config)
    return _text(await collected(await chat.send_message_stream("hi")))


WHOLE: dict[str, Form] = {
    "generate_content": _models,
    "chat": _chat,
    "chat, configured by message": _chat_with_config,
    "async generate_content": _amodels,
    "async chat": _achat,
}
STREAMED: dict[str, Form] = {
    "stream": _stream,
    "chat stream": _chat_stream,
    "async stream": _astream,
    "async chat stream": _achat_stream,
}
EVERY = {**WHOLE, **STREAMED}
CONFIG = types.GenerateContentConfig(tools=[weather])


def replies(form: Form, *turns: Any) -> list[Reply]:
    """What the server answers, turn by turn: in one piece, or the same in two."""
    if form in WHOLE.values():
        return [whole(answer(*turn)) for turn in turns]
    return [streamed([chunk("thinking "), answer(*turn)]) for turn in turns]


def outline(recorded: RecordedRecords) -> list[tuple[str, str, str | None]]:
    """Name, type and parent's type of each span, in the order in which they began."""
    kinds = {
        context.span_id: attribute(span, "span_attributes")["type"]
        for span in recorded.spans
        if (context := span.get_span_context()) is not None
    }
    began = sorted(recorded.spans, key=lambda span: span.start_time or 0)
    return [
        (
            span.name,
            attribute(span, "span_attributes")["type"],
            kinds[span.parent.span_id] if span.parent else None,
        )
        for span in began
    ]


@pytest.fixture
def patched() -> Iterator[None]:
    undo = patch()
    yield
    undo()


CALL = function_call("weather", city="Rome")
LOOP = [("generate_content", "llm", "task"), ("weather", "tool", "task"), ("generate_content", "llm", "task")]


@pytest.mark.parametrize("form", EVERY.values(), ids=EVERY)
async def test_a_task_with_requests_and_functions_in_order(
    form: Form, server: FakeGoogle, recorded: RecordedRecords
) -> None:
    server.reply(*replies(form, [CALL], ["Sunny."]))
    async with async_client_of(server.url) as client:
        assert (await form(client, CONFIG)).endswith("Sunny.")
    (_, *below) = outline(recorded)
    assert below == LOOP
    task = next(span for span in recorded.spans if span.parent is None)
    first, last = (span for span in recorded.spans if attribute(span, "span_attributes")["type"] == "llm")
    assert told(task) == {
        "input": INPUT,
        "output": told(last)["output"],
        "metadata": None,
        "metrics": {"tokens": 24, "prompt_tokens": 10, "completion_tokens": 14},
    }
    assert told(first)["input"]["contents"] == CONTENTS
    assert told(first)["output"]["candidates"][0]["content"]["parts"][-1] == CALL
    response = {"name": "weather", "response": {"result": {"sky": "sunny in Rome"}}}
    assert told(last)["input"]["contents"][-1]["parts"] == [{"functionResponse": response}]
    (tool,) = (span for span in recorded.spans if span.name == "weather")
    assert told(tool) == {
        "input": {"city": "Rome"},
        "output": {"sky": "sunny in Rome"},
        "metadata": None,
        "metrics": None,
    }


@pytest.mark.parametrize("form", EVERY.values(), ids=EVERY)
async def test_the_task_is_called_like_the_method(
    form: Form, server: FakeGoogle, recorded: RecordedRecords
) -> None:
    server.reply(*replies(form, ["Sunny."]))
    async with async_client_of(server.url) as client:
        await form(client, CONFIG)
    name = "send_message" if "chat" in form.__name__ else "generate_content"
    assert outline(recorded) == [(name, "task", None), ("generate_content", "llm", "task")]


@pytest.mark.parametrize("form", EVERY.values(), ids=EVERY)
async def test_a_patched_package_records_the_same_and_a_wrapped_client_no_more(
    form: Form, server: FakeGoogle, recorded: RecordedRecords, patched: None
) -> None:
    server.reply(*replies(form, [CALL], ["Sunny."], [CALL], ["Sunny."]))
    async with aclosing_client(bare_client(server.url)) as client:
        await form(client, CONFIG)
        await form(wrap(client), CONFIG)
    first, second = outline(recorded)[:4], outline(recorded)[4:]
    assert first == second
    assert first[1:] == LOOP


@pytest.mark.parametrize("form", EVERY.values(), ids=EVERY)
async def test_clients_that_are_not_wrapped_are_left_alone(
    form: Form, server: FakeGoogle, recorded: RecordedRecords
) -> None:
    server.reply(*replies(form, [CALL], ["Sunny."]))
    with client_of(server.url):
        async with aclosing_client(bare_client(server.url)) as client:
            assert (await form(client, CONFIG)).endswith("Sunny.")
    assert recorded.spans == []


@pytest.mark.parametrize("form", EVERY.values(), ids=EVERY)
async def test_what_a_function_raises_is_recorded_and_told_to_the_model(
    form: Form, server: FakeGoogle, recorded: RecordedRecords
) -> None:
    server.reply(*replies(form, [function_call("weather", city="Atlantis")], ["Sorry."]))
    async with async_client_of(server.url) as client:
        assert (await form(client, CONFIG)).endswith("Sorry.")
    (tool,) = (span for span in recorded.spans if span.name == "weather")
    assert tool.status.status_code is StatusCode.ERROR
    (event,) = tool.events
    assert (event.attributes or {})["exception.type"] == "LookupError"
    assert [span.status.status_code for span in recorded.spans if span is not tool] == [StatusCode.UNSET] * 3
    sent = server.received[1].body["contents"][-1]["parts"][0]["functionResponse"]["response"]
    assert "no such city" in sent["error"]


@pytest.mark.parametrize("form", EVERY.values(), ids=EVERY)
async def test_an_error_in_the_middle_ends_the_task(
    form: Form, server: FakeGoogle, recorded: RecordedRecords
) -> None:
    server.reply(*replies(form, [CALL]), failure(400, "too long"))
    async with async_client_of(server.url) as client:
        with pytest.raises(errors.ClientError, match="too long"):
            await form(client, CONFIG)
    task = next(span for span in recorded.spans if span.parent is None)
    assert task.status.status_code is StatusCode.ERROR
    assert told(task)["output"]["candidates"][0]["content"]["parts"][-1] == CALL
    assert outline(recorded)[1:] == LOOP


@pytest.mark.parametrize("form", STREAMED.values(), ids=STREAMED)
async def test_the_context_of_the_task_does_not_reach_the_reader(
    form: Form, server: FakeGoogle, recorded: RecordedRecords
) -> None:
    server.reply(*replies(form, [CALL], ["Sunny."]))
    async with async_client_of(server.url) as client:
        with start_span("caller", type="function"):
            before = otel_context.get_current()
            await form(client, CONFIG)
            assert otel_context.get_current() is before
    assert [kind for _, *kind in outline(recorded)] == [
        ["function", None],
        ["task", "function"],
        *([kind, above] for _, kind, above in LOOP),
    ]


def test_a_stream_left_in_the_middle_ends_its_spans(server: FakeGoogle, recorded: RecordedRecords) -> None:
    server.reply(streamed(text_chunks("a", "b")))
    with client_of(server.url) as client:
        stream: Any = client.models.generate_content_stream(model=MODEL, contents="hi", config=CONFIG)
        assert next(stream).text == "a"
        assert recorded.spans == []
        with start_span("reader", type="function"):
            pass
        stream.close()
    assert outline(recorded) == [
        ("generate_content", "task", None),
        ("generate_content", "llm", "task"),
        ("reader", "function", None),
    ]
    assert told(recorded.spans[-1])["output"] == {"candidates": chunk("a")["candidates"]}
    assert [span.status.status_code for span in recorded.spans] == [StatusCode.UNSET] * 3


async def _left(client: genai.Client) -> None:
    stream: Any = await client.aio.models.generate_content_stream(model=MODEL, contents="hi", config=CONFIG)
    assert (await anext(stream)).text == "a"
    del stream
    gc.collect()


def test_an_async_stream_left_in_the_middle_ends_its_spans(
    server: FakeGoogle, recorded: RecordedRecords
) -> None:
    server.reply(streamed(text_chunks("a", "b")))

    async def run() -> None:
        async with async_client_of(server.url) as client:
            await _left(client)

    asyncio.run(run())
    assert outline(recorded) == [("generate_content", "task", None), ("generate_content", "llm", "task")]


async def test_coroutine_functions_are_recorded_too(server: FakeGoogle, recorded: RecordedRecords) -> None:
    async def forecast(city: str) -> str:
        """The forecast of a city."""
        await asyncio.sleep(0)
        if city == "Atlantis":
            raise LookupError("no such city")
        return "rain"

    calls = [function_call("forecast", city=city) for city in ("Rome", "Atlantis")]
    server.reply(whole(answer(*calls)), whole(answer("Rain.")))
    async with async_client_of(server.url) as client:
        await _amodels(client, {"tools": [forecast]})
    tools = [span for span in recorded.spans if span.name == "forecast"]
    assert [told(span)["output"] for span in tools] == ["rain", None]
    assert [span.status.status_code for span in tools] == [StatusCode.UNSET, StatusCode.ERROR]
    assert [kind for _, kind, _ in outline(recorded)] == ["task", "llm", "tool", "tool", "llm"]


def test_what_a_function_itself_asks_is_below_it(server: FakeGoogle, recorded: RecordedRecords) -> None:
    with client_of(server.url) as client:

        def expert(question: str) -> str:
            """Asks an expert."""
            asked = client.models.generate_content(
                model=MODEL, contents=question, config=types.GenerateContentConfig(tools=[weather])
            )
            return asked.text or ""

        server.reply(
            whole(answer(function_call("expert", question="why?"))),
            whole(answer(CALL)),
            whole(answer("Therefore.")),
            whole(answer("Because.")),
        )
        config: Any = {"tools": [expert]}
        client.models.generate_content(model=MODEL, contents="hi", config=config)
    assert outline(recorded) == [
        ("generate_content", "task", None),
        ("generate_content", "llm", "task"),
        ("expert", "tool", "task"),
        ("generate_content", "task", "tool"),
        ("generate_content", "llm", "task"),
        ("weather", "tool", "task"),
        ("generate_content", "llm", "task"),
        ("generate_content", "llm", "task"),
    ]


@pytest.mark.parametrize(
    "config",
    [
        None,
        {},
        {"tools": []},
        {"tools": [types.Tool(google_search=types.GoogleSearch())]},
        {"tools": [weather], "automatic_function_calling": {"disable": True}},
        types.GenerateContentConfig(
            tools=[weather], automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True)
        ),
    ],
)
@pytest.mark.parametrize("form", [_models, _stream, _amodels, _astream])
async def test_without_functions_to_execute_there_is_no_task(
    form: Form, config: Any, server: FakeGoogle, recorded: RecordedRecords
) -> None:
    async with async_client_of(server.url) as client:
        await form(client, config)
    assert outline(recorded) == [("generate_content", "llm", None)]


@pytest.mark.parametrize("form", EVERY.values(), ids=EVERY)
async def test_without_recording_functions_are_executed_as_ever(form: Form, server: FakeGoogle) -> None:
    server.reply(*replies(form, [CALL], ["Sunny."]))
    async with async_client_of(server.url) as client:
        assert (await form(client, CONFIG)).endswith("Sunny.")


def test_a_chat_made_before_wrapping_is_recorded(server: FakeGoogle, recorded: RecordedRecords) -> None:
    server.reply(whole(answer(CALL)), whole(answer("Sunny.")))
    client = bare_client(server.url)
    chat = client.chats.create(model=MODEL, config=CONFIG)
    wrap(client)
    assert chat.send_message("hi").text == "Sunny."
    assert outline(recorded) == [("send_message", "task", None), *LOOP]


async def test_a_tool_of_an_mcp_server_is_recorded_by_its_session(
    server: FakeGoogle, recorded: RecordedRecords
) -> None:
    servers = pytest.importorskip("mcp.server.mcpserver", reason="this test needs mcp 2")
    import mcp

    from spanscore.integrations import mcp as recorded_mcp

    weathermen: Any = servers.MCPServer("weathermen", log_level="WARNING")
    weathermen.tool(name="weather")(lambda city: f"sunny in {city}")
    server.reply(whole(answer(CALL)), whole(answer("Sunny.")))
    undo = recorded_mcp.patch()
    async with async_client_of(server.url) as client, mcp.Client(weathermen) as connected:
        assert await _amodels(client, {"tools": [connected.session]}) == "Sunny."
    undo()
    assert outline(recorded) == [("generate_content", "task", None), *LOOP]
