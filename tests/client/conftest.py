"""A server and a client of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fake_braintrust import FakeBraintrust
from spanscore.client import RestClient


@pytest.fixture
def server() -> Iterator[FakeBraintrust]:
    with FakeBraintrust() as each:
        yield each


@pytest.fixture
def client(server: FakeBraintrust, tmp_path: Path) -> RestClient:
    return RestClient(server.settings(tmp_path), sleep=lambda _seconds: None)
