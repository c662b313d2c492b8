"""Counts are those that were reported; the prompt's contain what the cache gave and took."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore.integrations.bedrock._usage import usage_metrics

USAGE: dict[str, tuple[Any, dict[str, int]]] = {
    "plain": (
        {"inputTokens": 5, "outputTokens": 7, "totalTokens": 12},
        {"prompt_tokens": 5, "completion_tokens": 7, "tokens": 12},
    ),
    # The numbers of the conventions' own example.
    "a cache write": (
        {"inputTokens": 12, "outputTokens": 5, "totalTokens": 1192, "cacheWriteInputTokens": 1175}
        | {"cacheReadInputTokens": 0},
        {"prompt_tokens": 1187, "completion_tokens": 5, "tokens": 1192}
        | {"prompt_cached_tokens": 0, "prompt_cache_creation_tokens": 1175},
    ),
    "a cache read": (
        {"inputTokens": 12, "outputTokens": 5, "totalTokens": 1192, "cacheReadInputTokens": 1175},
        {"prompt_tokens": 1187, "completion_tokens": 5, "tokens": 1192, "prompt_cached_tokens": 1175},
    ),
    "writes by the time they stay": (
        {"inputTokens": 1, "outputTokens": 2, "totalTokens": 33, "cacheWriteInputTokens": 30}
        | {"cacheDetails": [{"ttl": "1h", "inputTokens": 10}, {"ttl": "5m", "inputTokens": 20}]},
        {"prompt_tokens": 31, "completion_tokens": 2, "tokens": 33, "prompt_cache_creation_tokens": 30}
        | {"prompt_cache_creation_1h_tokens": 10, "prompt_cache_creation_5m_tokens": 20},
    ),
    "a time that there was not": (
        {"inputTokens": 1, "cacheWriteInputTokens": 30, "cacheDetails": [{"ttl": "1d", "inputTokens": 30}]},
        {"prompt_tokens": 31, "prompt_cache_creation_tokens": 30},
    ),
    "nothing written": (
        {"inputTokens": 1, "cacheWriteInputTokens": 0, "cacheDetails": []},
        {"prompt_tokens": 1, "prompt_cache_creation_tokens": 0},
    ),
    "no total": (
        {"inputTokens": 5, "outputTokens": 7},
        {"prompt_tokens": 5, "completion_tokens": 7, "tokens": 12},
    ),
    "the aliases count once": (
        {"inputTokens": 5, "cacheReadInputTokens": 2, "cacheReadInputTokenCount": 2},
        {"prompt_tokens": 7, "prompt_cached_tokens": 2},
    ),
    "only output": ({"outputTokens": 7}, {"completion_tokens": 7}),
    "other types": ({"inputTokens": "5", "outputTokens": True, "totalTokens": -1}, {}),
    "details of other types": ({"inputTokens": 1, "cacheDetails": [None, 5]}, {"prompt_tokens": 1}),
    "a TTL of another type": ({"inputTokens": 1, "cacheDetails": [{"ttl": []}]}, {"prompt_tokens": 1}),
    "none": (None, {}),
    "no object": ([1], {}),
}


@pytest.mark.parametrize("name", USAGE)
def test_counts_are_told_as_reported(name: str) -> None:
    usage, metrics = USAGE[name]
    assert usage_metrics(usage) == metrics


COUNTS = st.none() | st.integers(min_value=-5, max_value=10**9) | st.text(max_size=3) | st.booleans()
DETAILS = st.lists(
    st.fixed_dictionaries({"ttl": st.sampled_from(["5m", "1h", "1d", None]), "inputTokens": COUNTS})
)
NAMES = ("inputTokens", "outputTokens", "totalTokens", "cacheReadInputTokens", "cacheWriteInputTokens")


@given(st.dictionaries(st.sampled_from(NAMES), COUNTS), COUNTS | DETAILS)
def test_whatever_is_reported_parts_stay_within_the_whole(usage: dict[str, Any], details: Any) -> None:
    metrics = usage_metrics({**usage, "cacheDetails": details})
    assert all(type(count) is int and count >= 0 for count in metrics.values())
    if "prompt_tokens" in metrics:
        creation = max(
            metrics.get("prompt_cache_creation_tokens", 0),
            metrics.get("prompt_cache_creation_5m_tokens", 0)
            + metrics.get("prompt_cache_creation_1h_tokens", 0),
        )
        assert metrics.get("prompt_cached_tokens", 0) + creation <= metrics["prompt_tokens"]
