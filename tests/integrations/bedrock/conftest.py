"""A server that answers like the Bedrock Runtime."""

from collections.abc import Iterator

import pytest

from fake_bedrock import FakeBedrock


@pytest.fixture
def server() -> Iterator[FakeBedrock]:
    with FakeBedrock() as server:
        yield server
