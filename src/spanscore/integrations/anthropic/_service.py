"""Whom an Anthropic client talks to."""

from functools import lru_cache
from typing import Any, Final

import anthropic

from spanscore.integrations._endpoint import Service

_BEDROCK: Final = ("bedrock", "aws.bedrock")
_VERTEX: Final = ("google", "gcp.vertex_ai")
_ANTHROPIC: Final = ("anthropic", "anthropic")

_PLATFORMS: Final = {
    "AnthropicBedrock": _BEDROCK,
    "AsyncAnthropicBedrock": _BEDROCK,
    "AnthropicBedrockMantle": _BEDROCK,
    "AsyncAnthropicBedrockMantle": _BEDROCK,
    "AnthropicVertex": _VERTEX,
    "AsyncAnthropicVertex": _VERTEX,
}
"""Clients of platforms that have prices and names of models of their own.

Foundry, AWS and Google Cloud also have clients for Anthropic's own service, with its models and prices, which
they only sell.
"""

_HOSTS: Final = {
    "deepseek.com": ("deepseek", "deepseek"),
    "minimax.io": ("minimax", "minimax"),
    "minimaxi.com": ("minimax", "minimax"),
    "moonshot.ai": ("moonshot", "moonshot"),
    "moonshot.cn": ("moonshot", "moonshot"),
    "openrouter.ai": ("openrouter", "openrouter"),
    "z.ai": ("zai", "zai"),
}
"""Services that speak Anthropic's protocol and bill for themselves; other hosts pass on to Anthropic's."""

_PORTS: Final = {"https": 443, "http": 80}


def classes(*names: str) -> tuple[type[Any], ...]:
    """Those of the package's classes that its version has."""
    return tuple(kind for name in names if (kind := getattr(anthropic, name, None)) is not None)


def service_of(client: Any) -> Service:
    """The service that a client talks to, named after whoever's prices hold."""
    url = client.base_url
    names = next((names for kind, names in _KINDS if isinstance(client, kind)), None)
    return _service(names, url.scheme, url.host, url.port)


@lru_cache(maxsize=256)
def _service(names: tuple[str, str] | None, scheme: str, host: str, port: int | None) -> Service:
    if names is None:
        names = next(
            (billing for end, billing in _HOSTS.items() if f".{host}".endswith(f".{end}")), _ANTHROPIC
        )
    return Service(name=names[0], gen_ai_name=names[1], address=host or None, port=port or _PORTS.get(scheme))


_KINDS: Final = tuple((kind, names) for name, names in _PLATFORMS.items() for kind in classes(name))
