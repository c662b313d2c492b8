"""A provider's token counts as one set of metric names."""

from collections.abc import Mapping
from typing import Any, Final, cast

_Path = tuple[str, ...]

_SOURCES: Final[Mapping[str, tuple[_Path, ...]]] = {
    "tokens": (("total_tokens",),),
    "prompt_tokens": (("prompt_tokens",), ("input_tokens",)),
    "completion_tokens": (("completion_tokens",), ("output_tokens",)),
    "prompt_cached_tokens": (
        ("prompt_tokens_details", "cached_tokens"),
        ("input_tokens_details", "cached_tokens"),
    ),
    "prompt_cache_creation_tokens": (
        ("prompt_tokens_details", "cache_write_tokens"),
        ("input_tokens_details", "cache_write_tokens"),
    ),
    "prompt_audio_tokens": (
        ("prompt_tokens_details", "audio_tokens"),
        ("input_tokens_details", "audio_tokens"),
    ),
    "completion_reasoning_tokens": (
        ("completion_tokens_details", "reasoning_tokens"),
        ("output_tokens_details", "reasoning_tokens"),
    ),
    "completion_audio_tokens": (
        ("completion_tokens_details", "audio_tokens"),
        ("output_tokens_details", "audio_tokens"),
    ),
    "completion_image_tokens": (
        ("completion_tokens_details", "image_tokens"),
        ("output_tokens_details", "image_tokens"),
    ),
}
"""Where each metric stands in a usage object; the first path that holds a count is taken."""


def usage_metrics(usage: Any) -> dict[str, int]:
    """Metrics of a usage object of OpenAI's chat or responses form, as plain JSON; {} for anything else.

    A metric is a non-negative whole number as reported: what is unknown is left out, a reported 0 stays.
    `tokens` is the reported total, or else the sum of prompt and completion when both are known.

    >>> usage_metrics({"prompt_tokens": 3, "completion_tokens": 0})
    {'prompt_tokens': 3, 'completion_tokens': 0, 'tokens': 3}
    """
    metrics: dict[str, int] = {}
    for name, paths in _SOURCES.items():
        count = next((found for path in paths if (found := _count(usage, path)) is not None), None)
        if count is not None:
            metrics[name] = count
    if "tokens" not in metrics and "prompt_tokens" in metrics and "completion_tokens" in metrics:
        metrics["tokens"] = metrics["prompt_tokens"] + metrics["completion_tokens"]
    return metrics


def _count(usage: Any, path: _Path) -> int | None:
    value = usage
    for name in path:
        if not isinstance(value, Mapping):
            return None
        value = cast("Mapping[str, Any]", value).get(name)
    # bool is an int in Python, and no count.
    return value if type(value) is int and value >= 0 else None
