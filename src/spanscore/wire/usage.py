"""A provider's token counts as one set of metric names."""

from collections.abc import Mapping
from typing import Any, Final, cast

_METRICS: Final[Mapping[str, str]] = {
    "total_tokens": "tokens",
    "prompt_tokens": "prompt_tokens",
    "input_tokens": "prompt_tokens",
    "completion_tokens": "completion_tokens",
    "output_tokens": "completion_tokens",
}
_PROMPT_DETAILS: Final[Mapping[str, str]] = {
    "cached_tokens": "prompt_cached_tokens",
    "cache_write_tokens": "prompt_cache_creation_tokens",
    "audio_tokens": "prompt_audio_tokens",
}
_COMPLETION_DETAILS: Final[Mapping[str, str]] = {
    "reasoning_tokens": "completion_reasoning_tokens",
    "audio_tokens": "completion_audio_tokens",
    "image_tokens": "completion_image_tokens",
}
_DETAILS: Final[Mapping[str, Mapping[str, str]]] = {
    "prompt_tokens_details": _PROMPT_DETAILS,
    "input_tokens_details": _PROMPT_DETAILS,
    "input_token_details": _PROMPT_DETAILS,
    "completion_tokens_details": _COMPLETION_DETAILS,
    "output_tokens_details": _COMPLETION_DETAILS,
}


def usage_metrics(usage: Any) -> dict[str, int]:
    """Metrics of a usage object of OpenAI's chat or responses form, as plain JSON; {} for anything else.

    A metric is a non-negative whole number as reported: what is unknown is left out, a reported 0 stays.
    `tokens` is the reported total, or else the sum of prompt and completion when both are known.

    >>> usage_metrics({"prompt_tokens": 3, "completion_tokens": 0})
    {'prompt_tokens': 3, 'completion_tokens': 0, 'tokens': 3}
    """
    metrics: dict[str, int] = {}
    if not isinstance(usage, Mapping):
        return metrics
    for name, value in cast("Mapping[str, Any]", usage).items():
        _take(metrics, _METRICS.get(name), value)
        details = _DETAILS.get(name)
        if details is not None and isinstance(value, Mapping):
            for part, count in cast("Mapping[str, Any]", value).items():
                _take(metrics, details.get(part), count)
    if "tokens" not in metrics and "prompt_tokens" in metrics and "completion_tokens" in metrics:
        metrics["tokens"] = metrics["prompt_tokens"] + metrics["completion_tokens"]
    return metrics


def _take(metrics: dict[str, int], name: str | None, value: Any) -> None:
    """Take a count under a name that has none yet."""
    # bool is an int in Python, and no count.
    if name is not None and type(value) is int and value >= 0:
        metrics.setdefault(name, value)
