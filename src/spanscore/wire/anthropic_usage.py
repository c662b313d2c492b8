"""The token counts of an Anthropic message as metrics."""

from collections.abc import Mapping
from typing import Any, Final, cast

_BY_LIFETIME: Final = {
    "ephemeral_5m_input_tokens": "prompt_cache_creation_5m_tokens",
    "ephemeral_1h_input_tokens": "prompt_cache_creation_1h_tokens",
}
"""The breakdown of what was written to the cache, by how long it is kept there."""

_WRITTEN: Final = "cache_creation_input_tokens"


def anthropic_usage_metrics(usage: Any) -> dict[str, int]:
    """Metrics of a message's `usage` as plain JSON; {} for anything else.

    A metric is a non-negative whole number as reported: what is unknown is left out, a reported 0 stays. Here
    `input_tokens` are those beside the cache, so `prompt_tokens` is the sum with what was read from the cache
    and written to it. What was written is told by lifetime where the answer has that breakdown, else as one.

    >>> anthropic_usage_metrics({"input_tokens": 3, "cache_read_input_tokens": 4, "output_tokens": 5})
    {'prompt_tokens': 7, 'completion_tokens': 5, 'prompt_cached_tokens': 4, 'tokens': 12}
    """
    if not isinstance(usage, Mapping):
        return {}
    reported = cast("Mapping[str, Any]", usage)
    counts = {
        "prompt_tokens": _count(reported, "input_tokens"),
        "completion_tokens": _count(reported, "output_tokens"),
        "prompt_cached_tokens": _count(reported, "cache_read_input_tokens"),
        "completion_reasoning_tokens": _count(reported.get("output_tokens_details"), "thinking_tokens"),
        **_written(reported),
    }
    metrics = {name: count for name, count in counts.items() if count is not None}
    if "prompt_tokens" in metrics:
        metrics["prompt_tokens"] += metrics.get("prompt_cached_tokens", 0) + _effectively_written(reported)
        if "completion_tokens" in metrics:
            metrics["tokens"] = metrics["prompt_tokens"] + metrics["completion_tokens"]
    return metrics


def _written(usage: Mapping[str, Any]) -> dict[str, int | None]:
    """What was written to the cache, by lifetime or else as one number; never both."""
    parts = usage.get("cache_creation")
    by_lifetime = {metric: _count(parts, name) for name, metric in _BY_LIFETIME.items()}
    if any(count is not None for count in by_lifetime.values()):
        return by_lifetime
    return {"prompt_cache_creation_tokens": _count(usage, _WRITTEN)}


def _effectively_written(usage: Mapping[str, Any]) -> int:
    parts = usage.get("cache_creation")
    by_lifetime = sum(_count(parts, name) or 0 for name in _BY_LIFETIME)
    return max(_count(usage, _WRITTEN) or 0, by_lifetime)


def _count(values: Any, name: str) -> int | None:
    """A non-negative whole number of an object; bool is an int in Python, and no count."""
    value = cast("Mapping[str, Any]", values).get(name) if isinstance(values, Mapping) else None
    return value if type(value) is int and value >= 0 else None
