"""Token counts of Anthropic's messages under the conventions' names."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore.wire.anthropic_usage import anthropic_usage_metrics

pytestmark = pytest.mark.core

CASES: dict[str, tuple[Any, dict[str, int]]] = {
    "without a cache": (
        {"input_tokens": 14, "output_tokens": 6, "service_tier": "standard"},
        {"tokens": 20, "prompt_tokens": 14, "completion_tokens": 6},
    ),
    "what was written to the cache, as one number": (
        {
            "input_tokens": 10,
            "cache_creation_input_tokens": 200,
            "cache_read_input_tokens": 30,
            "output_tokens": 5,
        },
        {
            "tokens": 245,
            "prompt_tokens": 240,
            "completion_tokens": 5,
            "prompt_cached_tokens": 30,
            "prompt_cache_creation_tokens": 200,
        },
    ),
    "what was written to the cache, by lifetime": (
        {
            "input_tokens": 10,
            "cache_creation_input_tokens": 200,
            "cache_read_input_tokens": 0,
            "cache_creation": {"ephemeral_5m_input_tokens": 150, "ephemeral_1h_input_tokens": 50},
            "output_tokens": 5,
        },
        {
            "tokens": 215,
            "prompt_tokens": 210,
            "completion_tokens": 5,
            "prompt_cached_tokens": 0,
            "prompt_cache_creation_5m_tokens": 150,
            "prompt_cache_creation_1h_tokens": 50,
        },
    ),
    "by lifetime alone": (
        {"input_tokens": 1, "cache_creation": {"ephemeral_1h_input_tokens": 50}},
        {"prompt_tokens": 51, "prompt_cache_creation_1h_tokens": 50},
    ),
    "the larger one counts": (
        {
            "input_tokens": 1,
            "cache_creation_input_tokens": 9,
            "cache_creation": {"ephemeral_5m_input_tokens": 4},
        },
        {"prompt_tokens": 10, "prompt_cache_creation_5m_tokens": 4},
    ),
    "a breakdown of zeros": (
        {
            "input_tokens": 1,
            "cache_creation_input_tokens": 0,
            "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0},
        },
        {
            "prompt_tokens": 1,
            "prompt_cache_creation_5m_tokens": 0,
            "prompt_cache_creation_1h_tokens": 0,
        },
    ),
    "a breakdown that says nothing": (
        {"input_tokens": 1, "cache_creation_input_tokens": 3, "cache_creation": {}},
        {"prompt_tokens": 4, "prompt_cache_creation_tokens": 3},
    ),
    "no breakdown": (
        {"input_tokens": 1, "cache_creation_input_tokens": None, "cache_creation": None},
        {"prompt_tokens": 1},
    ),
    "thinking": (
        {"input_tokens": 1, "output_tokens": 50, "output_tokens_details": {"thinking_tokens": 40}},
        {"tokens": 51, "prompt_tokens": 1, "completion_tokens": 50, "completion_reasoning_tokens": 40},
    ),
    "what is billed otherwise": (
        {"output_tokens": 1, "server_tool_use": {"web_search_requests": 2}},
        {"completion_tokens": 1},
    ),
    "no prompt without the input": (
        {"cache_read_input_tokens": 3, "output_tokens": 1},
        {"completion_tokens": 1, "prompt_cached_tokens": 3},
    ),
    "no counts": ({"input_tokens": -1, "output_tokens": 1.5, "cache_read_input_tokens": True}, {}),
    "details of other types": (
        {"input_tokens": "1", "cache_creation": [1], "output_tokens_details": 5},
        {},
    ),
    "none": (None, {}),
    "a list": ([1], {}),
    "empty": ({}, {}),
}

NAMES = {
    "tokens",
    "prompt_tokens",
    "completion_tokens",
    "prompt_cached_tokens",
    "prompt_cache_creation_tokens",
    "prompt_cache_creation_5m_tokens",
    "prompt_cache_creation_1h_tokens",
    "completion_reasoning_tokens",
}


@pytest.mark.parametrize(("usage", "metrics"), CASES.values(), ids=CASES.keys())
def test_anthropic_usage_metrics(usage: Any, metrics: dict[str, int]) -> None:
    assert anthropic_usage_metrics(usage) == metrics


_names = st.sampled_from(
    [
        "input_tokens",
        "output_tokens",
        "cache_read_input_tokens",
        "cache_creation_input_tokens",
        "cache_creation",
        "ephemeral_5m_input_tokens",
        "ephemeral_1h_input_tokens",
        "output_tokens_details",
        "thinking_tokens",
        "other",
    ]
)
_json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(_names, _json_values))
def test_whatever_is_reported_metrics_are_listed_names_with_non_negative_integers(
    usage: dict[str, Any],
) -> None:
    metrics = anthropic_usage_metrics(usage)
    assert set(metrics) <= NAMES
    assert all(type(count) is int and count >= 0 for count in metrics.values())
    assert not {"prompt_cache_creation_tokens"} < set(metrics) & {
        "prompt_cache_creation_tokens",
        "prompt_cache_creation_5m_tokens",
        "prompt_cache_creation_1h_tokens",
    }
