"""Whom an Anthropic client talks to."""

from typing import Any, Final

import anthropic

from spanscore.instrument._endpoint import Service

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

_PORTS: Final = {"https": 443, "http": 80}


def classes(*names: str) -> tuple[type[Any], ...]:
    """Those of the package's classes that its version has."""
    return tuple(kind for name in names if (kind := getattr(anthropic, name, None)) is not None)


def service_of(client: Any) -> Service:
    """The service that a client talks to, by whoever's prices hold: Anthropic's, Amazon's or Google's."""
    url = client.base_url
    name, gen_ai_name = next((names for kind, names in _KINDS if isinstance(client, kind)), _ANTHROPIC)
    return Service(
        name=name, gen_ai_name=gen_ai_name, address=url.host, port=url.port or _PORTS.get(url.scheme)
    )


_KINDS: Final = tuple((kind, names) for name, names in _PLATFORMS.items() for kind in classes(name))
