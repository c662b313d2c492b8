"""The mock servers: one of each for all tests, in processes of their own."""

from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from end_to_end.broken_wire import Wire, wire_to
from end_to_end.mock_server import LLMock, served
from spanscore.testing import RecordedRecords, recorded_spans

# They come with the development tools, which the core tests do without.
collect_ignore_glob = [] if find_spec("llmock") and find_spec("fakellm") else ["*"]


@pytest.fixture(scope="session")
def llmock_server() -> Iterator[LLMock]:
    with served("llmock.main:app") as url:
        yield LLMock(url)


@pytest.fixture
def mock(llmock_server: LLMock) -> LLMock:
    llmock_server.script()
    return llmock_server


@pytest.fixture(scope="session")
def wires(llmock_server: LLMock) -> Iterator[dict[str, Wire]]:
    """One to each mock: `fakellm` answers in its own words, but knows fewer endpoints."""
    with served("fakellm.server:app") as url, wire_to(url) as fakellm, wire_to(llmock_server.url) as llmock:
        yield {"fakellm": fakellm, "llmock": llmock}


@pytest.fixture
def recorded() -> Iterator[RecordedRecords]:
    with recorded_spans() as recorded:
        yield recorded
