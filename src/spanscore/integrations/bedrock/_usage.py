"""Bedrock's token counts under the names that all providers share."""

from collections.abc import Mapping
from typing import Any, Final, cast

from spanscore.integrations._plain import Fields, fields_of

_BY_TTL: Final = {"5m": "prompt_cache_creation_5m_tokens", "1h": "prompt_cache_creation_1h_tokens"}


def usage_metrics(usage: Any) -> dict[str, int]:
    """Metrics of a `TokenUsage`; {} for anything else. What is not reported is left out.

    `inputTokens` leaves out what was read from or written to the cache, which `prompt_tokens` contains;
    `totalTokens` has it too.

    >>> usage_metrics({"inputTokens": 12, "outputTokens": 5, "totalTokens": 37, "cacheReadInputTokens": 20})
    {'prompt_tokens': 32, 'completion_tokens': 5, 'tokens': 37, 'prompt_cached_tokens': 20}
    """
    given = fields_of(usage)
    read, written = _count(given, "cacheReadInputTokens"), _count(given, "cacheWriteInputTokens")
    by_ttl = _written_by_ttl(given.get("cacheDetails"))
    metrics = {
        "prompt_tokens": _prompt(_count(given, "inputTokens"), read, written, by_ttl),
        "completion_tokens": _count(given, "outputTokens"),
        "tokens": _count(given, "totalTokens"),
        "prompt_cached_tokens": read,
        "prompt_cache_creation_tokens": written,
        **by_ttl,
    }
    known = {name: count for name, count in metrics.items() if count is not None}
    if "tokens" not in known and "prompt_tokens" in known and "completion_tokens" in known:
        known["tokens"] = known["prompt_tokens"] + known["completion_tokens"]
    return known


def _prompt(
    fresh: int | None, read: int | None, written: int | None, by_ttl: Mapping[str, int]
) -> int | None:
    if fresh is None:
        return None
    return fresh + (read or 0) + max(written or 0, sum(by_ttl.values()))


def _written_by_ttl(details: Any) -> dict[str, int]:
    """What was written to the cache by the time it stays there; {} where a part of it cannot be told."""
    written: dict[str, int] = {}
    for detail in cast("list[Any]", details) if isinstance(details, list) else ():
        fields = fields_of(detail)
        ttl, count = fields.get("ttl"), _count(fields, "inputTokens")
        name = _BY_TTL.get(ttl) if isinstance(ttl, str) else None
        if name is None or count is None:
            return {}
        written[name] = written.get(name, 0) + count
    return written


def _count(fields: Fields, name: str) -> int | None:
    value = fields.get(name)
    # bool is an int in Python, and no count.
    return value if type(value) is int and value >= 0 else None
