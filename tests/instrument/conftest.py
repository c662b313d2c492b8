"""A server that answers like OpenAI's, and a list of what was recorded."""

from collections.abc import Iterator

import pytest

from fake_openai import FakeOpenAI
from spanscore.testing import RecordedRecords, recorded_spans


@pytest.fixture
def server() -> Iterator[FakeOpenAI]:
    with FakeOpenAI() as server:
        yield server


@pytest.fixture
def recorded() -> Iterator[RecordedRecords]:
    with recorded_spans() as recorded:
        yield recorded
