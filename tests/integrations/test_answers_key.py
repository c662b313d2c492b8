"""What makes a request another one, and which have no answer that is kept."""

from collections.abc import Mapping

import pytest

from spanscore.integrations._answers_key import digest_of

pytestmark = pytest.mark.core

URL = "https://api.openai.com/v1/chat/completions"
BODY = b'{"model": "m"}'


def digest(
    url: str = URL, headers: Mapping[str, str] | None = None, body: bytes = BODY, method: str = "POST"
) -> str | None:
    return digest_of(method, url, headers or {}, body)


@pytest.mark.parametrize(
    "url",
    [
        URL,
        "https://api.openai.com/v1/responses",
        "https://api.openai.com/v1/embeddings",
        "https://api.openai.com/v1/moderations",
        "https://a.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21",
        "https://api.anthropic.com/v1/messages?beta=true",
        "https://api.anthropic.com/v1/messages/count_tokens",
        "https://generativelanguage.googleapis.com/v1beta/models/gemini:generateContent",
        "https://generativelanguage.googleapis.com/v1beta/models/gemini:streamGenerateContent?alt=sse",
        "https://generativelanguage.googleapis.com/v1beta/models/gemini:batchEmbedContents",
        "https://us-aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/anthropic/models/c:rawPredict",
    ],
)
def test_requests_for_an_answer(url: str) -> None:
    assert digest(url) is not None


@pytest.mark.parametrize(
    "url",
    [
        "https://api.openai.com/v1/files",
        "https://api.openai.com/v1/batches",
        "https://api.openai.com/v1/uploads",
        "https://api.openai.com/v1/chat/completions/chatcmpl-1",
        "https://api.openai.com/v1/responses/resp_1/cancel",
        "https://api.openai.com/v1/threads/thread_1/messages",
        "https://api.openai.com/v1/images/generations",
        "https://api.anthropic.com/v1/messages/batches",
        "https://generativelanguage.googleapis.com/v1beta/models/gemini:batchGenerateContent",
        "https://generativelanguage.googleapis.com/v1beta/cachedContents",
    ],
)
def test_requests_that_make_something(url: str) -> None:
    assert digest(url) is None


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"--form", b'{"background": true, "input": "a"}', b'{"conversation": "conv_1"}'],
    ids=["empty", "list", "no JSON", "background", "conversation"],
)
def test_bodies_that_have_no_kept_answer(body: bytes) -> None:
    assert digest("https://api.openai.com/v1/responses", body=body) is None


def test_other_methods_have_none() -> None:
    assert digest(method="GET") is None


@pytest.mark.parametrize(
    "other",
    [
        digest(body=b'{"model": "n"}'),
        digest("https://api.openai.com:444/v1/chat/completions"),
        digest("https://api.mistral.ai/v1/chat/completions"),
        digest("http://api.openai.com/v1/chat/completions"),
        digest(URL + "?api-version=1"),
        digest(headers={"OpenAI-Beta": "a"}),
        digest(headers={"anthropic-version": "2023-06-01"}),
        digest(headers={"accept-encoding": "gzip, br"}),
    ],
    ids=["body", "port", "host", "scheme", "query", "beta", "version", "encoding"],
)
def test_what_makes_it_another_request(other: str | None) -> None:
    assert other is not None
    assert other != digest()


@pytest.mark.parametrize(
    "same",
    [
        digest("https://user:password@api.openai.com/v1/chat/completions"),
        digest(URL + "?key=AIza1&access_token=b"),
        digest(headers={"authorization": "Bearer a", "x-api-key": "b", "api-key": "c", "cookie": "d=e"}),
        digest(headers={"x-stainless-retry-count": "1", "user-agent": "a", "traceparent": "00-1-2-01"}),
        digest(method="post"),
    ],
    ids=["user", "key in query", "keys", "of the client", "method"],
)
def test_what_does_not(same: str | None) -> None:
    assert same == digest()


def test_the_order_of_a_query_does_not_matter() -> None:
    assert digest(URL + "?a=1&b=2") == digest(URL + "?b=2&a=1")
