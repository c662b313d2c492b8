"""The seam between engine and providers: how an endpoint is described on a span."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol, cast

from opentelemetry.util.types import AttributeValue

from spanscore.integrations._failure import http_error
from spanscore.integrations._plain import json_value
from spanscore.wire import attributes

# A call of `dict[str, Any]` itself takes several times as long.
_empty = cast("Callable[[], dict[str, Any]]", dict)


# Not frozen, here and below: that makes a new object several times dearer, and each call needs three.
@dataclass(slots=True, kw_only=True)
class Request:
    """What a call sends.

    `body` is the JSON body, or the arguments of the function by name; `files` are those of a multipart form
    by field; `path` is the URL's path, or the name of the operation.
    """

    body: Mapping[str, Any]
    files: Mapping[str, Any] = field(default_factory=_empty)
    path: str = ""


@dataclass(slots=True, kw_only=True)
class Description:
    """What a request or a response says about the call, as plain JSON; None and empty mean nothing to say.

    `metadata` and `metrics` may only have keys that the span conventions list; `more` is what else there is,
    told where all is wanted. `attributes` are OpenTelemetry's own (`gen_ai.*`), without any message content.
    `error` is the failure that an answer reports although nothing was raised.
    """

    input: Any = None
    output: Any = None
    metadata: Mapping[str, Any] = field(default_factory=_empty)
    more: Mapping[str, Any] = field(default_factory=_empty)
    metrics: Mapping[str, float] = field(default_factory=_empty)
    attributes: Mapping[str, AttributeValue] = field(default_factory=_empty)
    error: str | None = None


class Accumulator(Protocol):
    """Puts the chunks of a streamed response together."""

    def add(self, chunk: Any) -> bool | None:
        """Take the next chunk, the client's own object or plain JSON; cheap, since the user waits for it.

        False means that nothing of the answer is in it, as in an acknowledgement: the first token is to come.
        """
        ...

    def response(self) -> Mapping[str, Any]:
        """What has come so far, in the shape of a whole response."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """How one endpoint of a provider's API is described on a span, by functions that only read values.

    `path` is what the URL's path ends with; "{id}" in it stands for one segment. `response` takes the
    client's own object, or plain JSON of whatever shape, and must cope with anything. `accumulator` is for
    endpoints that stream. `decode` reads a body that the client hands over as bytes. `span_name_of` gives the
    span's name where it depends on the request. With `is_whole_path` longer paths that end alike are others'.
    """

    method: str = "POST"
    path: str
    span_name: str
    request: Callable[[Request], Description]
    response: Callable[[Any], Description]
    accumulator: Callable[[], Accumulator] | None = None
    decode: Callable[[bytes], Any] = json_value
    span_type: str | None = "llm"
    span_name_of: Callable[[Request], str] | None = None
    is_whole_path: bool = False
    _pattern: re.Pattern[str] | None = field(init=False, repr=False, default=None)

    def __post_init__(self) -> None:
        if "{id}" in self.path:
            start = "^" if self.is_whole_path else ""
            pattern = re.escape(self.path).replace(re.escape("{id}"), "[^/]+")
            object.__setattr__(self, "_pattern", re.compile(f"{start}{pattern}$"))

    def takes(self, method: str, path: str) -> bool:
        """Whether a request with this method, in capitals, and this path goes to the endpoint."""
        if method != self.method:
            return False
        if self._pattern is not None:
            return bool(self._pattern.search(path))
        return path == self.path if self.is_whole_path else path.endswith(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Whom a client talks to: the party that bills (`name`), its `gen_ai.provider.name`, and the server.

    `attributes` are what OpenTelemetry says of it.
    """

    name: str
    gen_ai_name: str
    address: str | None = None
    port: int | None = None
    attributes: Mapping[str, AttributeValue] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        told: dict[str, AttributeValue] = {attributes.GEN_AI_PROVIDER_NAME: self.gen_ai_name}
        if self.address:
            told[attributes.SERVER_ADDRESS] = self.address
            if self.port:
                told[attributes.SERVER_PORT] = self.port
        object.__setattr__(self, "attributes", told)


@dataclass(frozen=True, eq=False, kw_only=True)
class Provider:
    """A provider as the engine sees it: its endpoints, and how to tell the service from a client.

    `error` gives the attributes that an exception of the client's adds to the span.
    """

    endpoints: tuple[Endpoint, ...]
    service: Callable[[Any], Service]
    error: Callable[[BaseException], Mapping[str, AttributeValue]] = http_error

    def endpoint(self, method: str, url: str) -> Endpoint | None:
        """The endpoint that a request goes to, the first that takes it; None when it is not described."""
        return _endpoint(self, method, url)


@lru_cache(maxsize=1024)
def _endpoint(provider: Provider, method: str, url: str) -> Endpoint | None:
    path = url.partition("?")[0].rstrip("/")
    verb = method.upper()
    return next((endpoint for endpoint in provider.endpoints if endpoint.takes(verb, path)), None)
