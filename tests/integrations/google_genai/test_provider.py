"""Which operation a request is, whom it goes to, and what an error says."""

from typing import Any

import pytest
from google.genai import errors

from google_forms import bare_client, closing_client, vertex_client
from spanscore.integrations._endpoint import Service
from spanscore.integrations.google_genai._provider import PROVIDER, endpoint_of


@pytest.mark.parametrize(
    ("path", "body", "span_name"),
    [
        ("models/m:generateContent", {}, "generate_content"),
        ("models/m:streamGenerateContent?alt=sse", {}, "generate_content"),
        ("models/m:batchEmbedContents", {}, "embed_content"),
        ("models/m:embedContent", {}, "embed_content"),
        ("publishers/google/models/m:predict", {"instances": [{"content": "a"}]}, "embed_content"),
        ("publishers/google/models/m:predict", {"instances": [{"prompt": "a"}]}, "generate_images"),
    ],
)
def test_what_is_recorded(path: str, body: Any, span_name: str) -> None:
    endpoint = endpoint_of("post", path, body)
    assert endpoint is not None
    assert (endpoint.span_name, endpoint.span_type) == (span_name, "llm")


@pytest.mark.parametrize(
    "path",
    [
        "models/m:countTokens",
        "models/m:computeTokens",
        "models/m:batchGenerateContent",
        "models/m:asyncBatchEmbedContent",
        "models/m:predictLongRunning",
        "models/m:predict",
        "cachedContents",
        "models",
        "files",
    ],
)
def test_what_is_no_model_call(path: str) -> None:
    assert endpoint_of("post", path, {}) is None
    assert endpoint_of("get", path, {}) is None


def test_service() -> None:
    with closing_client(bare_client("http://127.0.0.1:8081/base/")) as client:
        assert PROVIDER.service(client._api_client) == Service(
            name="google", gen_ai_name="gcp.gemini", address="127.0.0.1", port=8081
        )
    with closing_client(vertex_client("https://europe-west1-aiplatform.googleapis.com")) as client:
        assert PROVIDER.service(client._api_client) == Service(
            name="google",
            gen_ai_name="gcp.vertex_ai",
            address="europe-west1-aiplatform.googleapis.com",
            port=443,
        )


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (errors.ClientError(429, {"error": {"message": "slow down"}}), {"http.response.status_code": 429}),
        (errors.APIError(0, {"error": {"code": "much"}}), {}),
        (ValueError("x"), {}),
    ],
)
def test_error(error: BaseException, told: Any) -> None:
    assert PROVIDER.error(error) == told
