"""A wrapped client gives what a bare one gives, object by object: cut streams, failing recorders, errors."""

import asyncio
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from google import genai
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry import trace

from failing_provider import FAILURES, FailingProvider
from fake_google import FakeGoogle, Reply, answer, chunk, failure, function_call, streamed, text_chunks, whole
from google_forms import STREAMED, WHOLE, aclosing_client, bare_client, close_both
from spanscore._config import Settings
from spanscore.integrations.google_genai import wrap
from spanscore.testing import RecordedRecords, recorded_spans
from spanscore.tracing import RECORDING, guard

Form = Callable[[genai.Client], Awaitable[Any]]

ERROR = failure(404)
FORMS: dict[str, tuple[Form, Reply]] = {
    **{name: (form, whole(answer("hi"))) for name, form in WHOLE.items()},
    **{name: (form, streamed(text_chunks("h", "i"))) for name, form in STREAMED.items()},
    **{f"{name}, failing": (form, ERROR) for name, form in {**WHOLE, **STREAMED}.items()},
    **{f"{name}, cut": (form, streamed([chunk("h")], is_cut=True)) for name, form in STREAMED.items()},
}


async def outcome(form: Form, client: genai.Client, server: FakeGoogle, reply: Reply) -> tuple[str, Any]:
    server.reply(reply)
    try:
        return "value", await form(client)
    except Exception as error:  # noqa: BLE001 - whatever the client raises is the outcome
        return type(error).__name__, str(error)


PARTS = st.lists(
    st.text(min_size=1, max_size=9).map(lambda text: {"text": text})
    | st.text(max_size=9).map(lambda text: {"text": text, "thought": True})
    | st.integers().map(lambda n: function_call("f", n=n)),
    min_size=1,
    max_size=6,
)


def test_streams_in_pieces_of_any_size(server: FakeGoogle) -> None:
    loop = asyncio.new_event_loop()
    bare, wrapped = bare_client(server.url), wrap(bare_client(server.url))

    async def compare(reply: Reply) -> None:
        for form in STREAMED.values():
            expected = await outcome(form, bare, server, reply)
            assert expected[0] == "value"
            assert await outcome(form, wrapped, server, reply) == expected

    @settings(max_examples=25, deadline=None)
    @given(parts=PARTS, cuts=st.lists(st.integers(1, 200), max_size=20))
    def check(parts: list[Any], cuts: list[int]) -> None:
        with recorded_spans() as recorded:
            chunks = [*(chunk(part) for part in parts), answer("end")]
            loop.run_until_complete(compare(streamed(chunks, cuts=cuts)))
        assert len(recorded.spans) == len(STREAMED)

    check()
    loop.run_until_complete(close_both(bare, wrapped))
    loop.close()


@contextmanager
def recording_through(failing: str) -> Generator[None, None, None]:
    provider = FailingProvider(failing)
    trace._TRACER_PROVIDER = provider
    RECORDING.switch_on(RecordedRecords(), Settings(home=Path("unused")), provider=provider)
    yield
    RECORDING.switch_off()
    trace._TRACER_PROVIDER = None


@pytest.mark.parametrize("name", FORMS)
async def test_a_call_is_unharmed_by_a_provider_that_fails(name: str, server: FakeGoogle) -> None:
    guard.reraise = False
    form, reply = FORMS[name]
    async with aclosing_client(bare_client(server.url)) as client:
        bare = await outcome(form, client, server, reply)
    async with aclosing_client(wrap(bare_client(server.url))) as client:
        for failing in FAILURES:
            with recording_through(failing):
                assert (failing, await outcome(form, client, server, reply)) == (failing, bare)


def weather(city: str) -> str:
    """The weather of a city."""
    return f"sunny in {city}"


@pytest.mark.parametrize("failing", FAILURES)
async def test_executed_functions_are_unharmed_by_a_provider_that_fails(
    failing: str, server: FakeGoogle
) -> None:
    guard.reraise = False

    async def run(client: genai.Client) -> Any:
        config: Any = {"tools": [weather]}
        server.reply(*[whole(answer(function_call("weather", city="Rome"))), whole(answer("Sunny."))])
        first = client.models.generate_content(model="m", contents="hi", config=config)
        call = streamed([answer(function_call("weather", city="Rome"))])
        server.reply(call, streamed(text_chunks("Sun", "ny.")))
        chat = client.aio.chats.create(model="m", config=config)
        return first, [part async for part in await chat.send_message_stream("hi")]

    async with aclosing_client(bare_client(server.url)) as client:
        bare = await run(client)
    async with aclosing_client(wrap(bare_client(server.url))) as client:
        with recording_through(failing):
            assert await run(client) == bare
