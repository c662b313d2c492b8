"""Google's token counts as metrics."""

from collections.abc import Mapping
from typing import Any, Final, cast

from spanscore.integrations._plain import Fields, fields_of

_SUMS: Final[Mapping[str, tuple[str, ...]]] = {
    "tokens": ("totalTokenCount",),
    "prompt_tokens": ("promptTokenCount", "toolUsePromptTokenCount"),
    "completion_tokens": ("candidatesTokenCount", "thoughtsTokenCount"),
    "prompt_cached_tokens": ("cachedContentTokenCount",),
    "completion_reasoning_tokens": ("thoughtsTokenCount",),
}
"""What each metric is the sum of. Google counts thoughts, and what its own tools found, beside the rest."""

_MODALITIES: Final = {
    "prompt_audio_tokens": ("promptTokensDetails", "AUDIO"),
    "completion_audio_tokens": ("candidatesTokensDetails", "AUDIO"),
    "completion_image_tokens": ("candidatesTokensDetails", "IMAGE"),
}

_WITHOUT_METRIC: Final = {
    "cache_tokens_details": "cacheTokensDetails",
    "tool_use_prompt_tokens_details": "toolUsePromptTokensDetails",
}


def usage_metrics(usage: Any) -> dict[str, int]:
    """Metrics of a response's `usageMetadata` as plain JSON; {} for anything else.

    A metric is a non-negative whole number as reported, or the sum of those: what is unknown is left out, a
    reported 0 stays.

    >>> usage_metrics({"promptTokenCount": 3, "candidatesTokenCount": 1, "thoughtsTokenCount": 4})
    {'prompt_tokens': 3, 'completion_tokens': 5, 'completion_reasoning_tokens': 4}
    """
    given = fields_of(usage)
    metrics: dict[str, int] = {}
    for name, parts in _SUMS.items():
        counts = [count for part in parts if (count := _count(given.get(part))) is not None]
        if counts:
            metrics[name] = sum(counts)
    for name, (details, modality) in _MODALITIES.items():
        counts = _of_modality(given.get(details), modality)
        if counts:
            metrics[name] = sum(counts)
    return metrics


def usage_by_modality(usage: Any) -> dict[str, Any]:
    """The details that no metric exists for, by the names that the span conventions give them."""
    given = fields_of(usage)
    return {told: given[name] for told, name in _WITHOUT_METRIC.items() if given.get(name)}


def _of_modality(details: Any, modality: str) -> list[int]:
    if not isinstance(details, list):
        return []
    entries: list[Fields] = [fields_of(entry) for entry in cast("list[Any]", details)]
    counts = (_count(entry.get("tokenCount")) for entry in entries if entry.get("modality") == modality)
    return [count for count in counts if count is not None]


def _count(value: Any) -> int | None:
    # bool is an int in Python, and no count.
    return value if type(value) is int and value >= 0 else None
