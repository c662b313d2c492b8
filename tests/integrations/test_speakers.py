"""Instrumentations that others wrote speak OpenTelemetry: their spans of OpenAI calls become right rows."""

from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

pytest.importorskip("openai")

from openai import OpenAI

from fake_openai import FakeOpenAI, Json, completion, streamed, text_chunks, whole
from spanscore.integrations.openai import patch as patch_openai
from stored_rows import recording_provider, rows_of, tokens_of

CALL: Json = {
    "id": "call_1",
    "type": "function",
    "function": {"name": "add", "arguments": '{"a":2}'},
}
ADD: Any = {
    "type": "function",
    "function": {"name": "add", "description": "Adds.", "parameters": {"type": "object", "properties": {}}},
}
ASKED: list[Any] = [{"role": "system", "content": "be"}, {"role": "user", "content": "2+3?"}]
ANSWERED: list[Any] = [
    *ASKED,
    {"role": "assistant", "content": None, "tool_calls": [CALL]},
    {"role": "tool", "tool_call_id": "call_1", "content": "5"},
]


def by_class(module: str) -> Callable[[TracerProvider], Callable[[], None]]:
    """How instrumentations of OpenTelemetry's contrib shape are switched on; gives what switches them off."""

    def instrument(provider: TracerProvider) -> Callable[[], None]:
        instrumentor: Any = import_module(module).OpenAIInstrumentor()
        instrumentor.instrument(tracer_provider=provider)
        return instrumentor.uninstrument

    return instrument


SPEAKERS = {
    "OpenLLMetry": "opentelemetry.instrumentation.openai",
    "OpenInference": "openinference.instrumentation.openai",
}


def is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


@pytest.fixture
def _client_recorded() -> Iterator[None]:
    undo = patch_openai()
    yield
    undo()


@pytest.fixture(
    params=[
        pytest.param(module, id=name, marks=pytest.mark.skipif(not is_there(module), reason="not installed"))
        for name, module in SPEAKERS.items()
    ]
)
def provider(request: pytest.FixtureRequest) -> Iterator[TracerProvider]:
    provider = recording_provider()
    trace.set_tracer_provider(provider)
    undo = by_class(request.param)(provider)
    yield provider
    undo()


@pytest.mark.usefixtures("_client_recorded")
def test_a_chat_that_calls_a_tool_and_the_stream_that_follows(provider: TracerProvider) -> None:
    # One test: OpenLLMetry puts the pieces of streams together twice once it was switched off and on again.
    message = {"role": "assistant", "content": None, "tool_calls": [CALL]}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "tool_calls"}
    usage = {
        "prompt_tokens": 5,
        "completion_tokens": 7,
        "total_tokens": 12,
        "prompt_tokens_details": {"cached_tokens": 3},
        "completion_tokens_details": {"reasoning_tokens": 2},
    }
    calling = whole(completion(choices=[choice], usage=usage))
    with FakeOpenAI(calling, streamed(text_chunks("fi", "ve"))) as server:
        client = OpenAI(base_url=server.url, api_key="k")
        client.chat.completions.create(
            model="gpt-4o-mini",
            messages=ASKED,
            tools=[ADD],
            temperature=0.5,
        )
        for _chunk in client.chat.completions.create(
            model="gpt-4o-mini", messages=ANSWERED, stream=True, stream_options={"include_usage": True}
        ):
            pass
    row, stream = rows_of(provider)
    assert row.type == "llm"
    assert row.input == ASKED
    assert row.output == [
        {
            "index": 0,
            "finish_reason": "tool_calls",
            "message": {"role": "assistant", "content": None, "tool_calls": [CALL]},
        }
    ]
    listed = {name: row.metadata[name] for name in ("model", "provider", "temperature", "tools")}
    assert listed == {
        "model": "gpt-4o-mini-2024-07-18",
        "provider": "openai",
        "temperature": 0.5,
        "tools": [ADD],
    }
    assert tokens_of(row) == {
        "prompt_tokens": 5,
        "completion_tokens": 7,
        "tokens": 12,
        "prompt_cached_tokens": 3,
        "completion_reasoning_tokens": 2,
    }
    assert stream.input == ANSWERED
    assert stream.output == [
        {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "five"}}
    ]
    assert tokens_of(stream) == {"prompt_tokens": 5, "completion_tokens": 2, "tokens": 7}


@pytest.mark.skipif(not is_there("logfire"), reason="not installed")
def test_logfire() -> None:
    logfire: Any = import_module("logfire")
    from spanscore import SpanscoreSpanProcessor

    processor = SpanscoreSpanProcessor(parent="project_name:bots")
    logfire.configure(send_to_logfire=False, console=False, additional_span_processors=[processor])
    with FakeOpenAI(whole(completion("five"))) as server:
        client = OpenAI(base_url=server.url, api_key="k")
        logfire.instrument_openai(client)
        with logfire.span("request"):
            client.chat.completions.create(model="gpt-4o-mini", messages=ASKED)
    request, chat = (row for row in rows_of(processor) if row.name)
    assert (request.name, request.type) == ("request", "task")
    assert (chat.type, chat.input) == ("llm", ASKED)
    assert chat.output[0]["message"] == {"role": "assistant", "content": "five"}
    assert tokens_of(chat) == {"prompt_tokens": 5, "completion_tokens": 7, "tokens": 12}
    assert chat.metadata["provider"] == "openai"
