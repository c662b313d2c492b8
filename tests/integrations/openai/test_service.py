"""Whom a client talks to is told by its base URL, or by its class."""

import pytest
from openai import AsyncAzureOpenAI, AsyncOpenAI, AzureOpenAI, OpenAI

from spanscore.integrations._endpoint import Service
from spanscore.integrations.openai._service import service_of

NAMES = {
    "https://api.openai.com/v1": ("openai", "openai"),
    "https://eu.api.openai.com/v1": ("openai", "openai"),
    "https://openrouter.ai/api/v1": ("openrouter", "openrouter"),
    "https://api.groq.com/openai/v1": ("groq", "groq"),
    "https://api.together.xyz/v1": ("together", "together"),
    "https://api.together.ai/v1": ("together", "together"),
    "https://api.deepseek.com": ("deepseek", "deepseek"),
    "https://api.mistral.ai/v1": ("mistral", "mistral_ai"),
    "https://api.x.ai/v1": ("xai", "x_ai"),
    "https://api.perplexity.ai": ("perplexity", "perplexity"),
    "https://api.fireworks.ai/inference/v1": ("fireworks", "fireworks"),
    "https://api.cerebras.ai/v1": ("cerebras", "cerebras"),
    "https://api.anthropic.com/v1": ("anthropic", "anthropic"),
    "https://api.cohere.ai/compatibility/v1": ("cohere", "cohere"),
    "https://generativelanguage.googleapis.com/v1beta/openai/": ("google", "gcp.gemini"),
    "https://us-central1-aiplatform.googleapis.com/v1/projects/p": ("google", "gcp.vertex_ai"),
    "https://mine.openai.azure.com/openai/v1": ("azure", "azure.ai.openai"),
    "https://mine.services.ai.azure.com/openai/v1": ("azure", "azure.ai.openai"),
    "https://mine.eastus.models.ai.azure.com": ("azure", "azure.ai.inference"),
    "https://bedrock-runtime.us-west-2.amazonaws.com/openai/v1": ("bedrock", "aws.bedrock"),
    "https://bedrock-mantle.us-east-1.api.aws/v1": ("bedrock", "aws.bedrock"),
    "https://API.Groq.com./openai/v1": ("groq", "groq"),
    # Others are called by the domain that they have registered.
    "https://api.moonshot.cn/v1": ("moonshot", "moonshot"),
    "https://llm.acme.com/v1": ("acme", "acme"),
    "https://llm.acme.co.uk/v1": ("acme", "acme"),
    "https://acme.ai": ("acme", "acme"),
    "https://notopenai.com/v1": ("notopenai", "notopenai"),
    # Local servers by their name or port.
    "http://localhost:11434/v1": ("ollama", "ollama"),
    "http://ollama:8080/v1": ("ollama", "ollama"),
    "http://vllm.models.svc.cluster.local:8000/v1": ("vllm", "vllm"),
    # An address that names nobody.
    "http://localhost:8000/v1": ("openai", "openai"),
    "http://127.0.0.1/v1": ("openai", "openai"),
    "http://[::1]:9000/v1": ("openai", "openai"),
    "http://10.2.3.4:8000/v1": ("openai", "openai"),
    "http://gateway:4000": ("openai", "openai"),
    "http://host.docker.internal:4000": ("openai", "openai"),
    "https://203.0.113.7/v1": ("openai", "openai"),
}


@pytest.mark.parametrize(("url", "names"), NAMES.items())
def test_names(url: str, names: tuple[str, str]) -> None:
    with OpenAI(api_key="none", base_url=url) as client:
        service = service_of(client)
    assert (service.name, service.gen_ai_name) == names


@pytest.mark.parametrize(
    ("url", "address", "port"),
    [
        ("https://api.openai.com/v1", "api.openai.com", 443),
        ("http://localhost:8000/v1", "localhost", 8000),
        ("http://localhost/v1", "localhost", 80),
        ("http://[::1]:9000/v1", "::1", 9000),
    ],
)
def test_address(url: str, address: str, port: int) -> None:
    with OpenAI(api_key="none", base_url=url) as client:
        service = service_of(client)
    assert (service.address, service.port) == (address, port)


@pytest.mark.parametrize("kind", [AzureOpenAI, AsyncAzureOpenAI])
def test_an_azure_client_is_azures_whatever_its_address(kind: type[AzureOpenAI | AsyncAzureOpenAI]) -> None:
    client = kind(api_key="none", azure_endpoint="http://localhost:8000", api_version="2024-06-01")
    assert service_of(client) == Service(
        name="azure", gen_ai_name="azure.ai.openai", address="localhost", port=8000
    )


def test_a_client_that_is_pointed_elsewhere_talks_to_another() -> None:
    client = AsyncOpenAI(api_key="none")
    assert service_of(client).name == "openai"
    assert service_of(client.with_options(base_url="https://openrouter.ai/api/v1")).name == "openrouter"
    client.base_url = "https://api.groq.com/openai/v1"
    assert service_of(client).name == "groq"
