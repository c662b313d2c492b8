"""LangChain's token counts under the canonical names."""

from collections.abc import Mapping
from typing import Any, Final

from spanscore.integrations._plain import fields_of
from spanscore.wire.usage import usage_metrics

_Path = tuple[str, ...]

_SOURCES: Final[Mapping[str, _Path]] = {
    "tokens": ("total_tokens",),
    "prompt_tokens": ("input_tokens",),
    "completion_tokens": ("output_tokens",),
    "prompt_cached_tokens": ("input_token_details", "cache_read"),
    "prompt_cache_creation_tokens": ("input_token_details", "cache_creation"),
    "prompt_cache_creation_5m_tokens": ("input_token_details", "ephemeral_5m_input_tokens"),
    "prompt_cache_creation_1h_tokens": ("input_token_details", "ephemeral_1h_input_tokens"),
    "prompt_audio_tokens": ("input_token_details", "audio"),
    "completion_audio_tokens": ("output_token_details", "audio"),
    "completion_reasoning_tokens": ("output_token_details", "reasoning"),
}
_SPLIT: Final = ("prompt_cache_creation_5m_tokens", "prompt_cache_creation_1h_tokens")


def token_metrics(usage_metadata: Any, llm_output: Any) -> dict[str, int]:
    """The metrics of a message's `usage_metadata`, else of what models say in OpenAI's names beside it.

    An answer that LangChain had in its cache took nothing.
    """
    usage = fields_of(usage_metadata)
    if not usage:
        said = fields_of(llm_output)
        return usage_metrics(said.get("token_usage") or said.get("usage"))
    if usage.get("total_cost") == 0:
        return {}
    counts = {name: count for name, path in _SOURCES.items() if (count := _count(usage, path)) is not None}
    if any(name in counts for name in _SPLIT):
        # The sum beside its parts is 0 or says the same again.
        counts.pop("prompt_cache_creation_tokens", None)
    return counts


def _count(usage: Mapping[str, Any], path: _Path) -> int | None:
    value: Any = usage
    for name in path:
        value = fields_of(value).get(name)
    return value if type(value) is int and value >= 0 else None
