"""A server that answers like Anthropic's."""

from collections.abc import Iterator

import pytest

from fake_anthropic import FakeAnthropic


@pytest.fixture
def server() -> Iterator[FakeAnthropic]:
    with FakeAnthropic() as server:
        yield server
