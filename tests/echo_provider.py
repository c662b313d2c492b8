"""A provider that is none: an endpoint that echoes, and clients of the shape that generated ones have."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from spanscore.integrations._endpoint import Description, Endpoint, Provider, Service

_T = TypeVar("_T")


class EchoAccumulator:
    """Chunks are strings; the response is their sum."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def add(self, chunk: Any) -> None:
        self.parts.append(chunk)

    def response(self) -> Mapping[str, Any]:
        return {"echo": "".join(self.parts)}


ECHO = Endpoint(
    path="/echo",
    span_name="Echo",
    request=lambda request: Description(input=request.body.get("text")),
    response=lambda response: Description(output=response["echo"], metrics={"tokens": len(response["echo"])}),
    accumulator=EchoAccumulator,
)
"""`POST /echo`."""

SERVICE = Service(name="echo", gen_ai_name="echo.ai", address="localhost")
PROVIDER = Provider(endpoints=(ECHO,), service=lambda client: SERVICE)


@dataclass
class Options:
    """What a request carries."""

    url: str = "/echo"
    method: str = "post"
    json_data: Any = None
    extra_json: Any = None
    headers: dict[str, str] = field(default_factory=dict[str, str])


class Response:
    """An HTTP response."""

    def __init__(self, parts: Sequence[str]) -> None:
        self.parts = parts
        self.extensions: dict[str, Any] = {}
        self.closed = 0

    def close(self) -> None:
        self.closed += 1

    def iter_bytes(self, chunk_size: int | None = None) -> Generator[bytes, None, None]:
        for part in self.parts:
            yield part.encode()


class Stream(Generic[_T]):
    """A stream of strings that closes its response on every way out."""

    def __init__(self, response: Response) -> None:
        self.response = response
        self._iterator = self.__stream__()

    def __iter__(self) -> Iterator[_T]:
        return self._iterator

    def __stream__(self) -> Generator[Any, None, None]:
        try:
            for part in self.response.parts:
                if part == "!":
                    raise ConnectionError(part)
                yield part
        finally:
            self.response.close()


class Client:
    """Answers a request with what `answer` gives."""

    _default_stream_cls = Stream

    def __init__(
        self, answer: Callable[[Options], Any] = lambda options: {"echo": options.json_data["text"]}
    ) -> None:
        self.answer = answer

    def copy(self) -> "Client":
        return self.__class__(self.answer)

    def request(self, cast_to: Any, options: Options, *, stream: bool = False, stream_cls: Any = None) -> Any:
        answer = self.answer(options)
        return stream_cls(Response(answer)) if stream else answer


class AsyncClient(Client):
    """The same, awaited."""

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        return super().request(*args, **kwargs)
