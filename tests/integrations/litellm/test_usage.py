"""Counts are litellm's, each told once; parts of a stream's make up a whole."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litellm_forms import litellm
from spanscore.integrations.litellm._usage import merged_metrics, usage_metrics, without_estimates

PLAIN = {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12}
TOLD = {"prompt_tokens": 5, "completion_tokens": 7, "tokens": 12}
BY_TTL = {"ephemeral_5m_input_tokens": 10, "ephemeral_1h_input_tokens": 20}
CACHED = {
    "prompt_tokens": 62,
    "completion_tokens": 5,
    "total_tokens": 67,
    "cache_read_input_tokens": 20,
    "cache_creation_input_tokens": 30,
}
TOLD_CACHED = {"prompt_tokens": 62, "completion_tokens": 5, "tokens": 67, "prompt_cached_tokens": 20}

USAGE: dict[str, tuple[Any, dict[str, int]]] = {
    "plain": (PLAIN, TOLD),
    "details": (
        PLAIN
        | {"prompt_tokens_details": {"cached_tokens": 2, "audio_tokens": 1}}
        | {"completion_tokens_details": {"reasoning_tokens": 3, "audio_tokens": 4}},
        TOLD
        | {"prompt_cached_tokens": 2, "prompt_audio_tokens": 1}
        | {"completion_reasoning_tokens": 3, "completion_audio_tokens": 4},
    ),
    # Where a cache's tokens stand two or three times.
    "a cache": (
        CACHED | {"prompt_tokens_details": {"cached_tokens": 20, "cache_creation_tokens": 30}},
        TOLD_CACHED | {"prompt_cache_creation_tokens": 30},
    ),
    "a cache, outside of the details": (CACHED, TOLD_CACHED | {"prompt_cache_creation_tokens": 30}),
    "a cache, by the time that things stay": (
        CACHED
        | {
            "prompt_tokens_details": {
                "cached_tokens": 20,
                "cache_creation_tokens": 30,
                "cache_creation_token_details": BY_TTL,
            }
        },
        TOLD_CACHED | {"prompt_cache_creation_5m_tokens": 10, "prompt_cache_creation_1h_tokens": 20},
    ),
    "one time only": (
        PLAIN | {"prompt_tokens_details": {"cache_creation_token_details": {"ephemeral_5m_input_tokens": 3}}},
        TOLD | {"prompt_cache_creation_5m_tokens": 3},
    ),
    "of the Responses API": ({"input_tokens": 5, "output_tokens": 7, "total_tokens": 12}, TOLD),
    "zeros that litellm fills in": ({"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}, {}),
    "other types": ({"prompt_tokens": "5", "completion_tokens": True, "total_tokens": None}, {}),
    "none": (None, {}),
    "no object": ([1], {}),
}


@pytest.mark.parametrize("name", USAGE)
def test_counts_are_told_once(name: str) -> None:
    usage, metrics = USAGE[name]
    assert usage_metrics(usage) == metrics


@pytest.mark.parametrize("name", ["plain", "details", "a cache, outside of the details"])
def test_litellms_own_object_says_the_same(name: str) -> None:
    usage, metrics = USAGE[name]
    assert usage_metrics(litellm.Usage(**usage)) == metrics


def test_parts_make_up_a_whole() -> None:
    begin = CACHED | {"completion_tokens": 1, "total_tokens": 63}
    end = {"prompt_tokens": 0, "completion_tokens": 5, "total_tokens": 5, "cache_read_input_tokens": 0}
    assert merged_metrics([begin, None, end]) == TOLD_CACHED | {"prompt_cache_creation_tokens": 30}


@pytest.mark.parametrize("again", [0, 30])
def test_what_was_written_to_the_cache_is_told_once(again: int) -> None:
    begin = CACHED | {"prompt_tokens_details": {"cache_creation_token_details": BY_TTL}}
    metrics = merged_metrics([begin, {**PLAIN, "cache_creation_input_tokens": again}])
    assert "prompt_cache_creation_tokens" not in metrics
    assert metrics["prompt_cache_creation_1h_tokens"] == 20


def test_one_usage_is_told_as_it_is() -> None:
    odd = {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 13}
    assert merged_metrics([None, odd, {}]) == {"prompt_tokens": 5, "completion_tokens": 7, "tokens": 13}
    assert merged_metrics([]) == {}


def test_what_litellm_counts_itself_is_left_out() -> None:
    metrics = {"completion_tokens": 7, "completion_reasoning_tokens": 3}
    assert without_estimates(metrics, "claude-sonnet-4-5") == {"completion_tokens": 7}
    assert without_estimates(metrics, "o3") == without_estimates(metrics, None) == metrics


NAMES = [
    *CACHED,
    "prompt_tokens_details",
    "completion_tokens_details",
    "cached_tokens",
    "cache_creation_tokens",
    "cache_creation_token_details",
    *BY_TTL,
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 99) | st.text(max_size=2),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=8,
)


@given(st.lists(VALUES, max_size=3))
def test_any_usage_can_be_read(usages: list[Any]) -> None:
    metrics = merged_metrics(usages)
    assert all(type(count) is int for count in metrics.values())
