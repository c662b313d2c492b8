"""The token counts of an Anthropic message as metrics."""

from collections.abc import Mapping
from typing import Any, Final, cast

_BY_LIFETIME: Final = {
    "ephemeral_5m_input_tokens": "prompt_cache_creation_5m_tokens",
    "ephemeral_1h_input_tokens": "prompt_cache_creation_1h_tokens",
}
"""The breakdown of what was written to the cache, by how long it is kept there."""


def anthropic_usage_metrics(usage: Any) -> dict[str, int]:
    """Metrics of a message's `usage` as plain JSON; {} for anything else.

    A metric is a non-negative whole number as reported: what is unknown is left out, a reported 0 stays. Here
    `input_tokens` are those beside the cache, so `prompt_tokens` is the sum with what was read from the cache
    and written to it. What was written is told by lifetime where the answer has that breakdown, else as one.

    >>> anthropic_usage_metrics({"input_tokens": 3, "cache_read_input_tokens": 4, "output_tokens": 5})
    {'prompt_tokens': 7, 'completion_tokens': 5, 'prompt_cached_tokens': 4, 'tokens': 12}
    """
    reported = _counts(usage)
    by_lifetime = {
        _BY_LIFETIME[name]: count for name, count in _details(usage, "cache_creation", _BY_LIFETIME)
    }
    written = reported.get("cache_creation_input_tokens")
    metrics: dict[str, int] = {}
    if "input_tokens" in reported:
        cached = reported.get("cache_read_input_tokens", 0) + max(written or 0, sum(by_lifetime.values()))
        metrics["prompt_tokens"] = reported["input_tokens"] + cached
    if "output_tokens" in reported:
        metrics["completion_tokens"] = reported["output_tokens"]
    if "cache_read_input_tokens" in reported:
        metrics["prompt_cached_tokens"] = reported["cache_read_input_tokens"]
    if by_lifetime:
        metrics.update(by_lifetime)
    elif written is not None:
        metrics["prompt_cache_creation_tokens"] = written
    for _name, count in _details(usage, "output_tokens_details", ("thinking_tokens",)):
        metrics["completion_reasoning_tokens"] = count
    if "prompt_tokens" in metrics and "completion_tokens" in metrics:
        metrics["tokens"] = metrics["prompt_tokens"] + metrics["completion_tokens"]
    return metrics


def _details(usage: Any, name: str, parts: Any) -> list[tuple[str, int]]:
    details = _counts(cast("Mapping[str, Any]", usage).get(name)) if isinstance(usage, Mapping) else {}
    return [(part, details[part]) for part in parts if part in details]


def _counts(values: Any) -> dict[str, int]:
    """The non-negative whole numbers of an object; bool is an int in Python, and no count."""
    if not isinstance(values, Mapping):
        return {}
    given = cast("Mapping[str, Any]", values)
    return {name: value for name, value in given.items() if type(value) is int and value >= 0}
