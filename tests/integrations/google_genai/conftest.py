"""A server that answers like Google's, in place of OpenAI's."""

from collections.abc import Iterator

import pytest

from fake_google import FakeGoogle


@pytest.fixture
def server() -> Iterator[FakeGoogle]:
    with FakeGoogle() as server:
        yield server
