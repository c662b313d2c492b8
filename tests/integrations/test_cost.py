"""Prices per million tokens are those that the providers publish; what is unknown has none."""

from typing import Any

import pytest

pytest.importorskip("genai_prices", reason="prices need the extra cost, which Python 3.10 has none of")

from spanscore.integrations._cost import estimated_cost

SONNET = "claude-sonnet-4-5-20250929"
TOKENS = {"prompt_tokens": 3000, "completion_tokens": 100, "tokens": 3100}
CASES: dict[str, tuple[str, str, dict[str, Any], float | None]] = {
    "openai": ("openai", "gpt-4o-mini-2024-07-18", TOKENS, (3000 * 0.15 + 100 * 0.60) / 1e6),
    "openai, half of it cached": (
        "openai",
        "gpt-4o-mini",
        {**TOKENS, "prompt_cached_tokens": 1500, "time_to_first_token": 0.5},
        (1500 * 0.15 + 1500 * 0.075 + 100 * 0.60) / 1e6,
    ),
    "embedding": ("openai", "text-embedding-3-small", {"prompt_tokens": 1000, "tokens": 1000}, 0.02 / 1e3),
    "anthropic": ("anthropic", SONNET, TOKENS, (3000 * 3 + 100 * 15) / 1e6),
    "anthropic, cache read": (
        "anthropic",
        SONNET,
        {**TOKENS, "prompt_cached_tokens": 1000},
        (2000 * 3 + 1000 * 0.3 + 100 * 15) / 1e6,
    ),
    "anthropic, cache written for 5 minutes": (
        "anthropic",
        SONNET,
        {**TOKENS, "prompt_cache_creation_5m_tokens": 1000},
        (2000 * 3 + 1000 * 3.75 + 100 * 15) / 1e6,
    ),
    "anthropic, cache written for an hour": (
        "anthropic",
        SONNET,
        {**TOKENS, "prompt_cache_creation_1h_tokens": 1000},
        (2000 * 3 + 1000 * 6 + 100 * 15) / 1e6,
    ),
    "anthropic, cache written without saying for how long": (
        "anthropic",
        SONNET,
        {**TOKENS, "prompt_cache_creation_tokens": 1000},
        (2000 * 3 + 1000 * 3.75 + 100 * 15) / 1e6,
    ),
    "bedrock": ("bedrock", "anthropic.claude-3-5-sonnet-20240620-v1:0", TOKENS, (3000 * 3 + 100 * 15) / 1e6),
    "unknown model": ("openai", "no-such-model", TOKENS, None),
    "unknown provider": ("somebody", "gpt-4o", TOKENS, None),
    "no counts": ("openai", "gpt-4o", {"time_to_first_token": 0.5}, None),
    "impossible counts": ("openai", "gpt-4o", {"prompt_tokens": -1}, None),
}


@pytest.mark.parametrize("name", CASES)
def test_estimated_cost(name: str) -> None:
    provider, model, metrics, dollars = CASES[name]
    assert estimated_cost(provider, model, metrics) == (None if dollars is None else pytest.approx(dollars))
