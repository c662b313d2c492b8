"""Agents that talk to a server on loopback, and the SDK's tracing led to us alone."""

# The package may be absent where types are checked.
# pyright: reportMissingImports=false

from collections.abc import AsyncGenerator, Iterator
from typing import Any

import agents
import pytest
from openai import AsyncOpenAI

from fake_openai import FakeOpenAI
from spanscore.integrations.openai import patch as patch_openai
from spanscore.integrations.openai_agents import patch


@pytest.fixture(autouse=True)
def _nothing_goes_to_openai() -> Iterator[None]:
    agents.set_trace_processors([])
    yield
    agents.set_trace_processors([])


@pytest.fixture
def _patched(_nothing_goes_to_openai: None) -> Iterator[None]:
    undo = patch()
    yield
    undo()


@pytest.fixture
def _client_recorded() -> Iterator[None]:
    undo = patch_openai()
    yield
    undo()


@pytest.fixture
async def client(server: FakeOpenAI) -> AsyncGenerator[AsyncOpenAI, None]:
    async with AsyncOpenAI(base_url=server.url, api_key="k", max_retries=0) as client:
        yield client


@pytest.fixture
def chat_model(client: AsyncOpenAI) -> Any:
    """A model of the chat completions API."""
    return agents.OpenAIChatCompletionsModel("gpt-4o-mini", client)


@pytest.fixture
def response_model(client: AsyncOpenAI) -> Any:
    """A model of the Responses API."""
    return agents.OpenAIResponsesModel("gpt-4o-mini", client)
