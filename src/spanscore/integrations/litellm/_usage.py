"""Token counts as litellm gives them, which puts every provider's into OpenAI's form with more in it."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from spanscore.integrations._plain import Fields, fields_of, plain
from spanscore.wire.usage import usage_metrics as openai_metrics

_READ: Final = "prompt_cached_tokens"
_WRITTEN: Final = "prompt_cache_creation_tokens"
_BY_TTL: Final = {
    "ephemeral_5m_input_tokens": "prompt_cache_creation_5m_tokens",
    "ephemeral_1h_input_tokens": "prompt_cache_creation_1h_tokens",
}
_TOTALS: Final = ("prompt_tokens", "completion_tokens", "tokens")


def usage_metrics(usage: Any) -> dict[str, int]:
    """Metrics of litellm's usage object; {} for anything else, and where all is 0, as litellm fills in.

    The prompt's tokens contain those of the cache, which stand in several places: each counts once. What was
    written to it is told by the time that it stays, or else in one number.
    """
    given = fields_of(plain(usage))
    metrics = openai_metrics(given)
    if not any(metrics.get(name) for name in _TOTALS):
        return {}
    details = fields_of(given.get("prompt_tokens_details"))
    _set_default(metrics, _READ, given.get("cache_read_input_tokens"))
    by_ttl = _counts(fields_of(details.get("cache_creation_token_details")))
    if by_ttl:
        metrics.pop(_WRITTEN, None)
        return {**metrics, **by_ttl}
    _set_default(metrics, _WRITTEN, details.get("cache_creation_tokens"))
    _set_default(metrics, _WRITTEN, given.get("cache_creation_input_tokens"))
    return metrics


def merged_metrics(usages: Iterable[Any]) -> dict[str, int]:
    """The metrics of an answer whose usage several chunks tell in parts: of each the last that is not 0."""
    known = [metrics for usage in usages if (metrics := usage_metrics(usage))]
    if len(known) <= 1:
        return known[0] if known else {}
    merged: dict[str, int] = {}
    for metrics in known:
        merged.update({name: count for name, count in metrics.items() if count or name not in merged})
    if not merged.keys().isdisjoint(_BY_TTL.values()):
        # The first part alone has them; the last one has the sum again, or a 0.
        merged.pop(_WRITTEN, None)
    if "prompt_tokens" in merged and "completion_tokens" in merged:
        merged["tokens"] = merged["prompt_tokens"] + merged["completion_tokens"]
    return merged


def _counts(details: Fields) -> dict[str, int]:
    return {name: details[source] for source, name in _BY_TTL.items() if type(details.get(source)) is int}


def _set_default(metrics: dict[str, int], name: str, count: Any) -> None:
    if type(count) is int and count >= 0:
        metrics.setdefault(name, count)


def without_estimates(metrics: Mapping[str, int], model: str | None) -> dict[str, int]:
    """The metrics without reasoning tokens of Claude, which litellm counts itself in the text."""
    if "claude" not in (model or ""):
        return dict(metrics)
    return {name: count for name, count in metrics.items() if name != "completion_reasoning_tokens"}
