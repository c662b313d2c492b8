"""Token counts of any provider under one set of names."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore.wire.usage import usage_metrics

pytestmark = pytest.mark.core

CASES: dict[str, tuple[Any, dict[str, int]]] = {
    "chat": (
        {
            "prompt_tokens": 14,
            "completion_tokens": 8,
            "total_tokens": 22,
            "prompt_tokens_details": {"cached_tokens": 3, "audio_tokens": 1, "cache_write_tokens": 2},
            "completion_tokens_details": {
                "reasoning_tokens": 5,
                "audio_tokens": 4,
                "accepted_prediction_tokens": 9,
            },
        },
        {
            "tokens": 22,
            "prompt_tokens": 14,
            "completion_tokens": 8,
            "prompt_cached_tokens": 3,
            "prompt_cache_creation_tokens": 2,
            "prompt_audio_tokens": 1,
            "completion_reasoning_tokens": 5,
            "completion_audio_tokens": 4,
        },
    ),
    "responses": (
        {
            "input_tokens": 7,
            "output_tokens": 2,
            "total_tokens": 9,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens_details": {"reasoning_tokens": 0, "image_tokens": 1},
        },
        {
            "tokens": 9,
            "prompt_tokens": 7,
            "completion_tokens": 2,
            "prompt_cached_tokens": 0,
            "completion_reasoning_tokens": 0,
            "completion_image_tokens": 1,
        },
    ),
    "transcriptions": (
        {
            "input_tokens": 10,
            "output_tokens": 6,
            "total_tokens": 16,
            "input_token_details": {"text_tokens": 0, "audio_tokens": 10},
        },
        {"tokens": 16, "prompt_tokens": 10, "completion_tokens": 6, "prompt_audio_tokens": 10},
    ),
    "a reported zero stays": ({"prompt_tokens": 0}, {"prompt_tokens": 0}),
    "the total is the sum where it is not reported": (
        {"prompt_tokens": 2, "completion_tokens": 3},
        {"prompt_tokens": 2, "completion_tokens": 3, "tokens": 5},
    ),
    "no total of one half": ({"completion_tokens": 3}, {"completion_tokens": 3}),
    "negative": ({"prompt_tokens": -1, "completion_tokens": 3}, {"completion_tokens": 3}),
    "not whole": ({"prompt_tokens": 1.5, "completion_tokens": "3", "total_tokens": True}, {}),
    "details of another type": ({"prompt_tokens": 1, "prompt_tokens_details": [1]}, {"prompt_tokens": 1}),
    "details missing": ({"prompt_tokens": 1, "prompt_tokens_details": None}, {"prompt_tokens": 1}),
    "none": (None, {}),
    "a number": (12, {}),
    "empty": ({}, {}),
}

NAMES = {
    "tokens",
    "prompt_tokens",
    "completion_tokens",
    "prompt_cached_tokens",
    "prompt_cache_creation_tokens",
    "prompt_audio_tokens",
    "completion_reasoning_tokens",
    "completion_audio_tokens",
    "completion_image_tokens",
}


@pytest.mark.parametrize(("usage", "metrics"), CASES.values(), ids=CASES.keys())
def test_usage_metrics(usage: Any, metrics: dict[str, int]) -> None:
    assert usage_metrics(usage) == metrics


_names = st.sampled_from(
    [
        "prompt_tokens",
        "input_tokens",
        "total_tokens",
        "completion_tokens",
        "cached_tokens",
        "prompt_tokens_details",
        "completion_tokens_details",
        "reasoning_tokens",
        "other",
    ]
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(_names, json_values))
def test_whatever_is_reported_metrics_are_listed_names_with_non_negative_integers(
    usage: dict[str, Any],
) -> None:
    metrics = usage_metrics(usage)
    assert set(metrics) <= NAMES
    assert all(type(count) is int and count >= 0 for count in metrics.values())
