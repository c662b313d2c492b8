"""LangChain's token counts are told under the canonical names, and none is made up."""

from typing import Any

import pytest

from spanscore.integrations.langchain._usage import token_metrics

COUNTS: dict[str, tuple[Any, dict[str, int]]] = {
    "nothing": (None, {}),
    "the three": (
        {"input_tokens": 5, "output_tokens": 2, "total_tokens": 7},
        {"prompt_tokens": 5, "completion_tokens": 2, "tokens": 7},
    ),
    "a zero that was reported": (
        {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0},
        {"prompt_tokens": 0, "completion_tokens": 0, "tokens": 0},
    ),
    "details": (
        {
            "input_tokens": 9,
            "output_tokens": 4,
            "total_tokens": 13,
            "input_token_details": {"audio": 1, "cache_read": 2, "cache_creation": 3},
            "output_token_details": {"audio": 1, "reasoning": 2},
        },
        {
            "prompt_tokens": 9,
            "completion_tokens": 4,
            "tokens": 13,
            "prompt_audio_tokens": 1,
            "prompt_cached_tokens": 2,
            "prompt_cache_creation_tokens": 3,
            "completion_audio_tokens": 1,
            "completion_reasoning_tokens": 2,
        },
    ),
    "what was written into Anthropic's caches": (
        {
            "input_tokens": 9,
            "output_tokens": 4,
            "total_tokens": 13,
            "input_token_details": {
                "cache_creation": 0,
                "ephemeral_5m_input_tokens": 6,
                "ephemeral_1h_input_tokens": 0,
            },
        },
        {
            "prompt_tokens": 9,
            "completion_tokens": 4,
            "tokens": 13,
            "prompt_cache_creation_5m_tokens": 6,
            "prompt_cache_creation_1h_tokens": 0,
        },
    ),
    "no numbers": ({"input_tokens": None, "output_tokens": True, "total_tokens": 1.5}, {}),
    "an answer out of LangChain's cache": (
        {"input_tokens": 5, "output_tokens": 2, "total_tokens": 7, "total_cost": 0},
        {},
    ),
}


@pytest.mark.parametrize(("usage", "told"), COUNTS.values(), ids=COUNTS)
def test_usage_metadata(usage: Any, told: dict[str, int]) -> None:
    assert token_metrics(usage, None) == told


@pytest.mark.parametrize("name", ["token_usage", "usage"])
def test_models_that_say_it_beside_the_message(name: str) -> None:
    said = {name: {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}}
    assert token_metrics(None, said) == {"prompt_tokens": 5, "completion_tokens": 2, "tokens": 7}
