"""The seam between engine and providers: how an endpoint is described on a span."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from opentelemetry.util.types import AttributeValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What a request or a response says about the call, as plain JSON; None and empty mean nothing to say.

    `metadata` and `metrics` may only have keys that the span conventions list; `attributes` are
    OpenTelemetry's own (`gen_ai.*`), without any message content.
    """

    input: Any = None
    output: Any = None
    metadata: Mapping[str, Any] = field(default_factory=dict[str, Any])
    metrics: Mapping[str, int] = field(default_factory=dict[str, int])
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict[str, AttributeValue])


class Accumulator(Protocol):
    """Puts the chunks of a streamed response together."""

    def add(self, chunk: Any) -> None:
        """Take the next chunk, the client's own object or plain JSON; cheap, since the user waits for it."""
        ...

    def response(self) -> Mapping[str, Any]:
        """What has come so far, in the shape of a whole response."""
        ...


class Endpoint(Protocol):
    """How one endpoint of a provider's API is described on a span. Pure: reads values, touches no span."""

    @property
    def method(self) -> str: ...

    @property
    def path(self) -> str:
        """What the URL's path ends with, such as "/chat/completions"."""
        ...

    @property
    def span_name(self) -> str: ...

    def request(self, body: Mapping[str, Any]) -> Description:
        """What the JSON body of the request says."""
        ...

    def response(self, response: Any) -> Description:
        """What the response says: the client's own object, or plain JSON of whatever shape."""
        ...

    def accumulator(self) -> Accumulator: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Whom a client talks to: the party that bills (`name`), its `gen_ai.provider.name`, and the server."""

    name: str
    gen_ai_name: str
    address: str | None = None
    port: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A provider as the engine sees it: its endpoints, and how to tell the service from a client."""

    endpoints: tuple[Endpoint, ...]
    service: Callable[[Any], Service]

    def endpoint(self, method: str, url: str) -> Endpoint | None:
        """The endpoint that a request goes to; None when it is not described."""
        path = url.partition("?")[0].rstrip("/")
        for endpoint in self.endpoints:
            if path.endswith(endpoint.path) and method.upper() == endpoint.method:
                return endpoint
        return None
