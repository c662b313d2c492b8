"""A request is told apart by method and the end of its path."""

import pytest

from echo_provider import PROVIDER

pytestmark = pytest.mark.core


@pytest.mark.parametrize(
    ("method", "url", "is_echo"),
    [
        ("post", "/echo", True),
        ("POST", "/echo?api-version=1", True),
        ("post", "https://example.com/api/v1/echo/", True),
        ("post", "/deployments/gpt-4o/echo", True),
        ("get", "/echo", False),
        ("post", "/echo/1", False),
        ("post", "/echoes", False),
        ("post", "/embeddings?next=/echo", False),
    ],
)
def test_endpoint(method: str, url: str, is_echo: bool) -> None:
    assert PROVIDER.endpoint(method, url) is (PROVIDER.endpoints[0] if is_echo else None)
