"""An exception of litellm's says its status and who has answered so."""

from typing import Any

import httpx
import pytest
from litellm.exceptions import (  # pyright: ignore[reportMissingImports]
    APIConnectionError,
    BadRequestError,
    RateLimitError,
)

from spanscore.integrations.litellm._failure import litellm_error


def test_an_error_of_the_api() -> None:
    response = httpx.Response(
        429, headers={"x-request-id": "req_1"}, request=httpx.Request("POST", "http://127.0.0.1")
    )
    error = RateLimitError("slow", llm_provider="vertex_ai", model="m", response=response)
    assert litellm_error(error) == {
        "http.response.status_code": 429,
        "http.response.header.x-request-id": ("req_1",),
        "gen_ai.provider.name": "gcp.vertex_ai",
    }


@pytest.mark.parametrize("provider", ["", None])
def test_an_error_without_a_provider(provider: Any) -> None:
    assert litellm_error(BadRequestError("no", model="m", llm_provider=provider)) == {
        "http.response.status_code": 400
    }


def test_an_error_of_the_connection() -> None:
    error = APIConnectionError("gone", llm_provider="anthropic", model="m")
    assert litellm_error(error)["gen_ai.provider.name"] == "anthropic"


def test_other_errors_say_nothing() -> None:
    assert litellm_error(ValueError("no")) == {}
