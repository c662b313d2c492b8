"""A server that answers like OpenAI's, and a list of what was recorded."""

from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from fake_openai import FakeOpenAI
from spanscore.testing import RecordedRecords, recorded_spans

# The engine is tested everywhere; these need the client, which the core tests do without.
collect_ignore = (
    [] if find_spec("openai") else ["openai", "test_plain.py", "test_reading.py", "test_stream.py"]
)
_FRAMEWORKS = {"langchain": "langchain_core", "mcp": "mcp", "openai_agents": "agents"}
_CLIENTS = {
    "anthropic": "anthropic",
    "bedrock": "boto3",
    "google_genai": "google.genai",
    "litellm": "litellm",
}
collect_ignore += [name for name, package in {**_FRAMEWORKS, **_CLIENTS}.items() if not find_spec(package)]


@pytest.fixture
def server() -> Iterator[FakeOpenAI]:
    with FakeOpenAI() as server:
        yield server


@pytest.fixture
def recorded() -> Iterator[RecordedRecords]:
    with recorded_spans() as recorded:
        yield recorded
