"""The estimated price of a call, by the table that the package genai-prices maintains."""

from collections.abc import Mapping
from typing import Any, Final

from genai_prices import Usage, calc_price

_PROVIDERS: Final = {
    "anthropic": "anthropic",
    "azure": "azure",
    "bedrock": "aws",
    "cerebras": "cerebras",
    "deepseek": "deepseek",
    "fireworks": "fireworks",
    "google": "google",
    "groq": "groq",
    "mistral": "mistral",
    "openai": "openai",
    "openrouter": "openrouter",
    "perplexity": "perplexity",
    "together": "together",
    "xai": "x-ai",
}
"""Whom we name, and what the table calls it; of others no price is known."""

_USAGE: Final = {
    "prompt_tokens": "input_tokens",
    "completion_tokens": "output_tokens",
    "prompt_cached_tokens": "cache_read_tokens",
    "prompt_cache_creation_tokens": "cache_write_tokens",
    "prompt_audio_tokens": "input_audio_tokens",
    "completion_audio_tokens": "output_audio_tokens",
    "completion_image_tokens": "output_image_tokens",
}
_WRITTEN_5M: Final = "prompt_cache_creation_5m_tokens"
_WRITTEN_1H: Final = "prompt_cache_creation_1h_tokens"


def estimated_cost(provider: str, model: str, metrics: Mapping[str, float]) -> float | None:
    """What the tokens of a call cost in US dollars today; None where provider, model or counts are unknown.

    Batch, priority and negotiated prices are not known to it.
    """
    known = _PROVIDERS.get(provider)
    usage = _usage(metrics)
    if known is None or not usage:
        return None
    try:
        priced = calc_price(Usage(**usage), model_ref=model, provider_id=known)
    except (LookupError, ValueError):
        return None
    return float(priced.total_price)


def _usage(metrics: Mapping[str, float]) -> dict[str, Any]:
    usage: dict[str, Any] = {name: metrics[metric] for metric, name in _USAGE.items() if metric in metrics}
    written = [metrics[name] for name in (_WRITTEN_5M, _WRITTEN_1H) if name in metrics]
    if written:
        usage["cache_write_tokens"] = max(sum(written), usage.get("cache_write_tokens", 0))
        usage["cache_write_1h_tokens"] = metrics.get(_WRITTEN_1H, 0)
    return usage
