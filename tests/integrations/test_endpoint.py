"""A request is told apart by method and the end of its path."""

import pytest

from echo_provider import PROVIDER
from spanscore.integrations._endpoint import Description, Endpoint

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


@pytest.mark.parametrize(
    ("path", "url", "takes"),
    [
        ("/files", "/files", True),
        ("/files", "/vector_stores/vs_1/files", False),
        ("/files/{id}", "/files/file-1", True),
        ("/files/{id}", "/files", False),
        ("/files/{id}", "/vector_stores/vs_1/files/file-1", False),
        ("/files/{id}", "/files/file-1/content", False),
    ],
)
def test_endpoint_that_asks_for_the_whole_path(path: str, url: str, takes: bool) -> None:
    endpoint = Endpoint(
        path=path,
        is_whole_path=True,
        span_name="files",
        request=lambda _: Description(),
        response=lambda _: Description(),
    )
    assert endpoint.takes("POST", url) is takes
