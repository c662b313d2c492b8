"""Pydantic AI speaks OpenTelemetry: set up as the docs say, its runs become right rows in the store."""

from collections.abc import AsyncGenerator, Iterator
from typing import Any

import pytest

pytest.importorskip("pydantic_ai")
pytest.importorskip("openai")

from openai import AsyncOpenAI
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from pydantic_ai import Agent, InstrumentationSettings
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

from fake_openai import FakeOpenAI, Json, completion, failure, streamed, text_chunks, whole
from spanscore.integrations.openai import patch as patch_openai
from stored_rows import recording_provider, rows_of, tokens_of, tree_of

CALL: Json = {
    "id": "call_1",
    "type": "function",
    "function": {"name": "add", "arguments": '{"a": 2, "b": 3}'},
}
MODEL = "gpt-4o-mini-2024-07-18"
ASKED = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "2+3?"}]


def calling() -> Json:
    message = {"role": "assistant", "content": None, "tool_calls": [CALL]}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "tool_calls"}
    usage = {
        "prompt_tokens": 5,
        "completion_tokens": 7,
        "total_tokens": 12,
        "prompt_tokens_details": {"cached_tokens": 3},
        "completion_tokens_details": {"reasoning_tokens": 2},
    }
    return completion(choices=[choice], usage=usage)


@pytest.fixture(autouse=True)
def _instrumented_no_longer() -> Iterator[None]:
    yield
    Agent.instrument_all(instrument=False)


def adder(client: AsyncOpenAI, provider: TracerProvider, version: Any = 5) -> Agent:
    Agent.instrument_all(InstrumentationSettings(tracer_provider=provider, version=version))
    model = OpenAIChatModel("gpt-4o-mini", provider=OpenAIProvider(openai_client=client))
    agent = Agent(model, name="adder", instructions="Be brief.")

    @agent.tool_plain
    def add(a: int, b: int) -> int:  # pyright: ignore[reportUnusedFunction]
        """Adds."""
        return a + b

    return agent


@pytest.fixture
def server() -> Iterator[FakeOpenAI]:
    with FakeOpenAI() as server:
        yield server


@pytest.fixture
async def client(server: FakeOpenAI) -> AsyncGenerator[AsyncOpenAI, None]:
    async with AsyncOpenAI(base_url=server.url, api_key="k", max_retries=0) as client:
        yield client


async def test_an_agent_its_model_calls_and_its_tools(server: FakeOpenAI, client: AsyncOpenAI) -> None:
    provider = recording_provider()
    server.reply(whole(calling()), whole(completion("five")))
    result = await adder(client, provider).run("2+3?")
    assert result.output == "five"
    rows = rows_of(provider)
    assert tree_of(rows) == [
        "invoke_agent adder: task",
        "  chat gpt-4o-mini: llm",
        "  execute_tool add: tool",
        "  chat gpt-4o-mini: llm",
    ]
    agent, first, tool, second = rows
    assert first.input == ASKED
    assert first.output == [
        {
            "index": 0,
            "finish_reason": "tool_calls",
            "message": {"role": "assistant", "content": None, "tool_calls": [CALL]},
        }
    ]
    assert first.metadata["model"] == MODEL
    assert first.metadata["provider"] == "openai"
    (definition,) = first.metadata["tools"]
    assert definition["type"] == "function"
    assert definition["function"]["name"] == "add"
    assert definition["function"]["parameters"]["required"] == ["a", "b"]
    metrics = tokens_of(first)
    # Pydantic AI knows prices where genai-prices is installed.
    assert metrics.pop("estimated_cost", 1) > 0
    assert metrics == {
        "prompt_tokens": 5,
        "completion_tokens": 7,
        "tokens": 12,
        "prompt_cached_tokens": 3,
        "completion_reasoning_tokens": 2,
    }
    assert (tool.input, tool.output) == ({"a": 2, "b": 3}, "5")
    assert second.input == [
        *ASKED,
        {"role": "assistant", "content": None, "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "call_1", "content": "5"},
    ]
    assert second.output == [
        {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "five"}}
    ]
    assert (agent.input, agent.output) == (ASKED, "five")
    assert agent.metrics["prompt_tokens"] == 10
    assert agent.metrics["tokens"] == 24


async def test_a_stream(server: FakeOpenAI, client: AsyncOpenAI) -> None:
    provider = recording_provider()
    server.reply(streamed(text_chunks("fi", "ve")))
    async with adder(client, provider).run_stream("2+3?") as result:
        assert await result.get_output() == "five"
    _agent, chat = rows_of(provider)
    assert (chat.type, chat.output[0]["message"]["content"]) == ("llm", "five")
    assert chat.metrics["tokens"] == 7


async def test_a_call_that_fails(server: FakeOpenAI, client: AsyncOpenAI) -> None:
    provider = recording_provider()
    server.reply(failure(429))
    with pytest.raises(Exception, match="429"):
        await adder(client, provider).run("2+3?")
    agent, chat = rows_of(provider)
    assert "429" in chat.error
    assert "429" in agent.error


async def test_it_nests_with_the_spans_of_the_program(server: FakeOpenAI, client: AsyncOpenAI) -> None:
    provider = recording_provider()
    server.reply(whole(completion("five")))
    with provider.get_tracer("program").start_as_current_span("request"):
        await adder(client, provider).run("2+3?")
    assert tree_of(rows_of(provider)) == [
        "request: task",
        "  invoke_agent adder: task",
        "    chat gpt-4o-mini: llm",
    ]


@pytest.mark.filterwarnings("ignore:Instrumentation format versions")
@pytest.mark.parametrize("version", [2, 3, 4, 5])
async def test_older_versions_of_its_conventions(
    version: Any, server: FakeOpenAI, client: AsyncOpenAI
) -> None:
    provider = recording_provider()
    server.reply(whole(calling()), whole(completion("five")))
    await adder(client, provider, version).run("2+3?")
    rows = rows_of(provider)
    chats = [row for row in rows if row.type == "llm"]
    tools = [row for row in rows if row.type == "tool"]
    assert chats[0].input == ASKED
    assert [chat.metrics["tokens"] for chat in chats] == [12, 12]
    assert ({"a": 2, "b": 3}, "5") in [(tool.input, tool.output) for tool in tools]
    assert (rows[0].type, rows[0].output) == ("task", "five")


async def test_with_the_client_recorded_too_a_call_is_told_once(
    server: FakeOpenAI, client: AsyncOpenAI
) -> None:
    provider = recording_provider()
    trace.set_tracer_provider(provider)
    instrument_client = patch_openai()
    server.reply(whole(calling()), whole(completion("five")), whole(completion("alone")))
    await adder(client, provider).run("2+3?")
    await client.chat.completions.create(model="gpt-4o-mini", messages=[])
    instrument_client()
    assert tree_of(rows_of(provider)) == [
        "invoke_agent adder: task",
        "  chat gpt-4o-mini: llm",
        "  execute_tool add: tool",
        "  chat gpt-4o-mini: llm",
        "Chat Completion: llm",
    ]
