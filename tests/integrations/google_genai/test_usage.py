"""Token counts by Google's own definition of them."""

from typing import Any

import pytest
from google.genai import types
from hypothesis import given
from hypothesis import strategies as st

from spanscore.integrations.google_genai._usage import usage_by_modality, usage_metrics


def test_all_that_is_reported() -> None:
    usage = {
        "promptTokenCount": 10,
        "toolUsePromptTokenCount": 3,
        "candidatesTokenCount": 20,
        "thoughtsTokenCount": 5,
        "totalTokenCount": 38,
        "cachedContentTokenCount": 4,
        "promptTokensDetails": [
            {"modality": "TEXT", "tokenCount": 2},
            {"modality": "AUDIO", "tokenCount": 7},
            {"modality": "AUDIO", "tokenCount": 1},
        ],
        "candidatesTokensDetails": [
            {"modality": "AUDIO", "tokenCount": 6},
            {"modality": "IMAGE", "tokenCount": 14},
            {"modality": "VIDEO", "tokenCount": 0},
        ],
        "trafficType": "ON_DEMAND",
    }
    assert usage_metrics(usage) == {
        "tokens": 38,
        "prompt_tokens": 13,
        "completion_tokens": 25,
        "prompt_cached_tokens": 4,
        "completion_reasoning_tokens": 5,
        "prompt_audio_tokens": 8,
        "completion_audio_tokens": 6,
        "completion_image_tokens": 14,
    }


_COUNTS = st.integers(0, 1 << 40)


@given(prompt=_COUNTS, tools=_COUNTS, candidates=_COUNTS, thoughts=_COUNTS)
def test_prompt_and_completion_are_the_total(prompt: int, tools: int, candidates: int, thoughts: int) -> None:
    """As Google defines the total: the sum of these four."""
    reported = types.GenerateContentResponseUsageMetadata(
        prompt_token_count=prompt,
        tool_use_prompt_token_count=tools,
        candidates_token_count=candidates,
        thoughts_token_count=thoughts,
        total_token_count=prompt + tools + candidates + thoughts,
    )
    metrics = usage_metrics(reported.model_dump(mode="json", by_alias=True, exclude_none=True))
    assert metrics["tokens"] == metrics["prompt_tokens"] + metrics["completion_tokens"]


@pytest.mark.parametrize(
    ("usage", "metrics"),
    [
        ({"promptTokenCount": 0}, {"prompt_tokens": 0}),
        ({"thoughtsTokenCount": 3}, {"completion_tokens": 3, "completion_reasoning_tokens": 3}),
        ({"toolUsePromptTokenCount": 3}, {"prompt_tokens": 3}),
        ({"promptTokensDetails": [{"modality": "AUDIO"}]}, {}),
        ({"promptTokenCount": True, "totalTokenCount": -1, "candidatesTokenCount": 1.0}, {}),
        ({"promptTokenCount": "5", "promptTokensDetails": "AUDIO"}, {}),
        ({"promptTokensDetails": [None, 5, {"modality": ["AUDIO"], "tokenCount": 3}]}, {}),
        (None, {}),
        ([1], {}),
    ],
)
def test_what_is_not_reported_is_left_out(usage: Any, metrics: dict[str, int]) -> None:
    assert usage_metrics(usage) == metrics


def test_details_without_a_metric() -> None:
    details = [{"modality": "TEXT", "tokenCount": 3}]
    assert usage_by_modality({"cacheTokensDetails": [], "toolUsePromptTokensDetails": details}) == {
        "tool_use_prompt_tokens_details": details
    }
    assert usage_by_modality({"cacheTokensDetails": details}) == {"cache_tokens_details": details}
    assert usage_by_modality(None) == {}
