"""Whom litellm calls, under the names that other clients of theirs are told under."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

import litellm as _litellm  # pyright: ignore[reportMissingImports] - it cannot be installed beside openai 3

from spanscore.integrations._endpoint import Service
from spanscore.integrations._plain import fields_of, text

_module: Any = _litellm

_UNKNOWN: Final = "litellm"
"""Until an answer says who gave it: of a router's group of models, or a name that litellm does not know."""

_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "anthropic_text": ("anthropic", "anthropic"),
    "azure": ("azure", "azure.ai.openai"),
    "azure_ai": ("azure", "azure.ai.inference"),
    "azure_text": ("azure", "azure.ai.openai"),
    "bedrock": ("bedrock", "aws.bedrock"),
    "bedrock_converse": ("bedrock", "aws.bedrock"),
    "bedrock_mantle": ("bedrock", "aws.bedrock"),
    "codestral": ("mistral", "mistral_ai"),
    "cohere_chat": ("cohere", "cohere"),
    "custom_openai": ("openai", "openai"),
    "fireworks_ai": ("fireworks", "fireworks"),
    "gemini": ("google", "gcp.gemini"),
    "hosted_vllm": ("vllm", "vllm"),
    "mistral": ("mistral", "mistral_ai"),
    "ollama_chat": ("ollama", "ollama"),
    "text-completion-codestral": ("mistral", "mistral_ai"),
    "text-completion-openai": ("openai", "openai"),
    "together_ai": ("together", "together"),
    "vertex_ai": ("google", "gcp.vertex_ai"),
    "vertex_ai_beta": ("google", "gcp.vertex_ai"),
    "watsonx": ("watsonx", "ibm.watsonx.ai"),
    "watsonx_text": ("watsonx", "ibm.watsonx.ai"),
    "xai": ("xai", "x_ai"),
}
"""Who bills, and OpenTelemetry's name, where litellm calls them otherwise."""


def service_of(arguments: Mapping[str, Any]) -> Service:
    """The service that a call goes to, as far as its arguments tell.

    litellm's own `get_llm_provider` is not asked: it reads secrets, may log somebody in, and prints.
    """
    provider, _ = _split(arguments)
    address = text(arguments.get("api_base")) or text(arguments.get("base_url"))
    return _service(provider or _UNKNOWN, address)


def model_of(arguments: Mapping[str, Any]) -> str | None:
    """The model that is asked, without the provider that litellm wants before it."""
    return _split(arguments)[1]


def names_of(provider: str) -> tuple[str, str]:
    """Who bills, and OpenTelemetry's name, for a provider of litellm's.

    >>> names_of("vertex_ai-anthropic_models")
    ('google', 'gcp.vertex_ai')
    """
    known = _NAMES.get(provider)
    if known is None and provider.startswith("vertex_ai-"):
        known = _NAMES["vertex_ai"]
    return known or (provider, provider)


def answered_provider(hidden: Mapping[str, Any]) -> str | None:
    """The provider that an answer's `_hidden_params` name, if they do."""
    told = text(hidden.get("custom_llm_provider"))
    if told is not None and told != "cached_response":
        return str(told)
    return _prefix(text(hidden.get("litellm_model_name")))


def without_provider(model: Any, provider: str | None) -> str | None:
    """A model's name without its provider's before it."""
    given = text(model)
    return given.removeprefix(f"{provider}/") if given is not None and provider else given


def _split(arguments: Mapping[str, Any]) -> tuple[str | None, str | None]:
    model = text(arguments.get("model"))
    provider = text(arguments.get("custom_llm_provider")) or _prefix(model)
    if provider is None and model is not None:
        provider = text(fields_of(_module.model_cost.get(model)).get("litellm_provider"))
    return provider, without_provider(model, provider)


def _prefix(model: str | None) -> str | None:
    prefix, slash, _ = (model or "").partition("/")
    return prefix if slash and prefix in _module.provider_list else None


@lru_cache(maxsize=256)
def _service(provider: str, url: str | None) -> Service:
    name, gen_ai_name = names_of(provider)
    server = urlsplit(url or "")
    port = server.port or {"https": 443, "http": 80}.get(server.scheme)
    return Service(name=name, gen_ai_name=gen_ai_name, address=server.hostname, port=port)
