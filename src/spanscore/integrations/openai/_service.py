"""Whom an OpenAI client talks to, which its base URL tells: many services speak OpenAI's protocol."""

from functools import lru_cache
from ipaddress import ip_address
from typing import Any, Final

from openai import AsyncAzureOpenAI, AzureOpenAI

from spanscore.integrations._endpoint import Service

_OPENAI: Final = ("openai", "openai")
_AZURE: Final = ("azure", "azure.ai.openai")
_BEDROCK: Final = ("bedrock", "aws.bedrock")

_DOMAINS: Final = {
    "anthropic.com": ("anthropic", "anthropic"),
    "azure-api.net": _AZURE,
    "cerebras.ai": ("cerebras", "cerebras"),
    "cognitiveservices.azure.com": _AZURE,
    "cohere.ai": ("cohere", "cohere"),
    "cohere.com": ("cohere", "cohere"),
    "deepseek.com": ("deepseek", "deepseek"),
    "fireworks.ai": ("fireworks", "fireworks"),
    "generativelanguage.googleapis.com": ("google", "gcp.gemini"),
    "googleapis.com": ("google", "gcp.vertex_ai"),
    "groq.com": ("groq", "groq"),
    "inference.ai.azure.com": ("azure", "azure.ai.inference"),
    "mistral.ai": ("mistral", "mistral_ai"),
    "models.ai.azure.com": ("azure", "azure.ai.inference"),
    "openai.azure.com": _AZURE,
    "openai.azure.us": _AZURE,
    "openai.com": _OPENAI,
    "openrouter.ai": ("openrouter", "openrouter"),
    "perplexity.ai": ("perplexity", "perplexity"),
    "services.ai.azure.com": _AZURE,
    "together.ai": ("together", "together"),
    "together.xyz": ("together", "together"),
    "x.ai": ("xai", "x_ai"),
}
"""The name of whoever bills, and OpenTelemetry's, by the end of the host name; the longest end counts."""

_SERVERS: Final = ("ollama", "vllm", "sglang", "lmstudio")
"""Programs that people run themselves and name hosts after."""

_OLLAMA_PORT: Final = 11434
_NOT_PUBLIC: Final = frozenset({"localhost", "local", "internal", "lan", "intranet", "arpa", "test"})
_SECOND_LEVEL: Final = frozenset({"ac", "co", "com", "edu", "gov", "net", "org"})
_PORTS: Final = {"https": 443, "http": 80}


def service_of(client: Any) -> Service:
    """The service that an OpenAI client talks to.

    Its name is that of whoever bills, also for a model of another's (OpenRouter's "anthropic/…"): known
    services have theirs, any other public host is called by its domain ("api.moonshot.cn": "moonshot"). An
    address that names nobody, such as localhost, is "openai", whose protocol it speaks, unless port or host
    name are those of a local server ("ollama", "vllm").
    """
    url = client.base_url
    return _service(isinstance(client, AzureOpenAI | AsyncAzureOpenAI), url.scheme, url.host, url.port)


@lru_cache(maxsize=256)
def _service(is_azure: bool, scheme: str, host: str, port: int | None) -> Service:  # noqa: FBT001 - a key
    name, gen_ai_name = _AZURE if is_azure else _names(host.lower().rstrip("."), port)
    return Service(name=name, gen_ai_name=gen_ai_name, address=host or None, port=port or _PORTS.get(scheme))


def _names(host: str, port: int | None) -> tuple[str, str]:
    labels = host.split(".")
    for place in range(len(labels)):
        known = _DOMAINS.get(".".join(labels[place:]))
        if known is not None:
            return known
    if labels[0].startswith("bedrock") and len(labels) > 1:
        return _BEDROCK
    server = "ollama" if port == _OLLAMA_PORT else next((one for one in _SERVERS if one in host), None)
    if server is not None:
        return server, server
    if _names_nobody(host, labels):
        return _OPENAI
    name = _domain(labels)
    return name, name


def _names_nobody(host: str, labels: list[str]) -> bool:
    if len(labels) == 1 or labels[-1] in _NOT_PUBLIC:
        return True
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _domain(labels: list[str]) -> str:
    """The label that somebody registered: "acme" of "llm.acme.com" and of "llm.acme.co.uk"."""
    is_second_level = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    return labels[-3 if is_second_level else -2]
