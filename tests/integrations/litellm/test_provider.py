"""Whom litellm calls is told by the name that bills, whatever litellm calls them."""

from typing import Any

import pytest

from spanscore.integrations._endpoint import Service
from spanscore.integrations.litellm._provider import (
    answered_provider,
    model_of,
    names_of,
    service_of,
    without_provider,
)

CALLS: dict[str, tuple[dict[str, Any], str, str | None]] = {
    "before the model": ({"model": "anthropic/claude-x"}, "anthropic", "claude-x"),
    "known by the model": ({"model": "gpt-4o-mini"}, "openai", "gpt-4o-mini"),
    "said apart": ({"model": "m", "custom_llm_provider": "groq"}, "groq", "m"),
    "said twice": ({"model": "groq/m", "custom_llm_provider": "groq"}, "groq", "m"),
    "of a gateway": ({"model": "openrouter/anthropic/claude-x"}, "openrouter", "anthropic/claude-x"),
    "with a slash of its own": ({"model": "nobody/m"}, "litellm", "nobody/m"),
    "of a router's group": ({"model": "group"}, "litellm", "group"),
    "no model": ({}, "litellm", None),
    "of other types": ({"model": 5, "custom_llm_provider": ["openai"]}, "litellm", None),
}


@pytest.mark.parametrize("name", CALLS)
def test_arguments_tell_provider_and_model(name: str) -> None:
    arguments, provider, model = CALLS[name]
    assert (service_of(arguments).name, model_of(arguments)) == (provider, model)


@pytest.mark.parametrize(
    ("provider", "names"),
    [
        ("openai", ("openai", "openai")),
        ("text-completion-openai", ("openai", "openai")),
        ("azure", ("azure", "azure.ai.openai")),
        ("azure_ai", ("azure", "azure.ai.inference")),
        ("bedrock_converse", ("bedrock", "aws.bedrock")),
        ("vertex_ai", ("google", "gcp.vertex_ai")),
        ("vertex_ai-llama_models", ("google", "gcp.vertex_ai")),
        ("gemini", ("google", "gcp.gemini")),
        ("together_ai", ("together", "together")),
        ("xai", ("xai", "x_ai")),
        ("someone_new", ("someone_new", "someone_new")),
    ],
)
def test_names_are_those_of_other_clients(provider: str, names: tuple[str, str]) -> None:
    assert names_of(provider) == names


def test_the_server_is_that_of_the_arguments() -> None:
    assert service_of({"model": "openai/m", "api_base": "http://127.0.0.1:8000/v1"}) == Service(
        name="openai", gen_ai_name="openai", address="127.0.0.1", port=8000
    )
    assert service_of({"model": "openai/m", "base_url": "https://llm.example.com"}) == Service(
        name="openai", gen_ai_name="openai", address="llm.example.com", port=443
    )
    assert service_of({"model": "openai/m", "api_base": 5}).address is None


@pytest.mark.parametrize(
    ("hidden", "provider"),
    [
        ({"custom_llm_provider": "groq", "litellm_model_name": "openai/m"}, "groq"),
        ({"custom_llm_provider": "cached_response", "litellm_model_name": "openai/m"}, "openai"),
        ({"litellm_model_name": "anthropic/claude-x"}, "anthropic"),
        ({"litellm_model_name": "m"}, None),
        ({"custom_llm_provider": 5, "litellm_model_name": None}, None),
        ({}, None),
    ],
)
def test_an_answer_tells_who_gave_it(hidden: dict[str, Any], provider: str | None) -> None:
    assert answered_provider(hidden) == provider


@pytest.mark.parametrize(
    ("model", "provider", "told"),
    [
        ("groq/m", "groq", "m"),
        ("anthropic/claude-x", "openrouter", "anthropic/claude-x"),
        ("m", None, "m"),
        (None, "groq", None),
        (5, None, None),
    ],
)
def test_a_model_is_told_without_its_provider(model: Any, provider: str | None, told: str | None) -> None:
    assert without_provider(model, provider) == told
