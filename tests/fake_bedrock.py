"""A server on loopback that answers like the Bedrock Runtime, with event streams in their binary framing."""

import json
import struct
import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import unquote

Json = dict[str, Any]
Event = tuple[str, Any]

EVENT_STREAM = "application/vnd.amazon.eventstream"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the server answers, sent in these pieces. `is_cut` breaks the connection off after them."""

    status: int = 200
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    pieces: Sequence[bytes] = ()
    is_cut: bool = False


@dataclass(frozen=True, kw_only=True)
class Received:
    """A request that came in."""

    path: str
    headers: Mapping[str, str] = field(repr=False)
    body: Json


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a client that goes away is part of the tests."""


class FakeBedrock:
    """The server, a context manager. The replies it is given are used up in order, then it greets."""

    def __init__(self, *replies: Reply) -> None:
        self.received: list[Received] = []
        self._replies = list(replies)
        self._server = _Server(("127.0.0.1", 0), self._handler_class())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def reply(self, *replies: Reply) -> None:
        self._replies.extend(replies)

    def __enter__(self) -> "FakeBedrock":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _answer(self, received: Received) -> Reply:
        self.received.append(received)
        if self._replies:
            return self._replies.pop(0)
        return streamed(greeting_events()) if received.path.endswith("-stream") else whole(greeting())

    def _handler_class(self) -> type[BaseHTTPRequestHandler]:
        answer = self._answer

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def date_time_string(self, timestamp: float | None = None) -> str:
                """The same for all answers, so that they can be compared."""
                return "Thu, 01 Jan 1970 00:00:00 GMT"

            def do_POST(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                body: Json = json.loads(self.rfile.read(length) or b"{}")
                reply = answer(Received(path=unquote(self.path), headers=dict(self.headers), body=body))
                self.send_response(reply.status)
                for name, value in _headers(reply).items():
                    self.send_header(name, value)
                self.end_headers()
                for piece in filter(None, reply.pieces):
                    self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
                self.close_connection = self.close_connection or reply.is_cut
                if not reply.is_cut:
                    self.wfile.write(b"0\r\n\r\n")

            def log_message(self, *args: object) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
                """Nothing: the tests' output is theirs."""

        return Handler


def _headers(reply: Reply) -> dict[str, str]:
    return {
        "content-type": reply.content_type,
        "transfer-encoding": "chunked",
        "x-amzn-requestid": "5f6a",
        **reply.headers,
    }


def whole(answer: Any, *, status: int = 200, **headers: str) -> Reply:
    """A reply with a JSON body."""
    return Reply(status=status, headers=headers, pieces=[json.dumps(answer).encode()])


def failure(status: int, code: str, message: str = "no") -> Reply:
    """A reply with an error as AWS gives it."""
    return whole({"message": message}, status=status, **{"x-amzn-errortype": f"{code}:http://aws/"})


def streamed(events: Iterable[Event], *, sizes: Sequence[int] = (), is_cut: bool = False) -> Reply:
    """A reply with an event stream, a frame a piece, or in pieces of these sizes and the rest."""
    frames = [frame(kind, payload) for kind, payload in events]
    pieces = list(_cut(b"".join(frames), sizes)) if sizes else frames
    return Reply(content_type=EVENT_STREAM, pieces=pieces, is_cut=is_cut)


def frame(kind: str, payload: Any) -> bytes:
    """One message of the event stream encoding; a `kind` that ends with "Exception" is an error."""
    is_error = kind.endswith("Exception")
    headers = _header(":exception-type" if is_error else ":event-type", kind)
    headers += _header(":content-type", "application/json")
    headers += _header(":message-type", "exception" if is_error else "event")
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    prelude = struct.pack(">II", 16 + len(headers) + len(body), len(headers))
    message = prelude + struct.pack(">I", zlib.crc32(prelude)) + headers + body
    return message + struct.pack(">I", zlib.crc32(message))


def _header(name: str, value: str) -> bytes:
    string = 7
    return (
        struct.pack(">B", len(name)) + name.encode() + struct.pack(">BH", string, len(value)) + value.encode()
    )


def _cut(body: bytes, sizes: Sequence[int]) -> Iterator[bytes]:
    start = 0
    for size in sizes:
        yield body[start : start + size]
        start += size
    yield body[start:]


def answer(*blocks: Json, **fields: Any) -> Json:
    """A whole answer of `converse` with these content blocks."""
    return {
        "output": {"message": {"role": "assistant", "content": list(blocks)}},
        "stopReason": "end_turn",
        "usage": {"inputTokens": 5, "outputTokens": 7, "totalTokens": 12},
        "metrics": {"latencyMs": 321},
        **fields,
    }


def delta(index: int, **value: Any) -> Event:
    """An event with a part of the content block `index`."""
    return "contentBlockDelta", {"delta": value, "contentBlockIndex": index}


def started(index: int, **value: Any) -> Event:
    """The event that begins the content block `index`, which blocks of text lack."""
    return "contentBlockStart", {"start": value, "contentBlockIndex": index}


def events(*parts: Event, stop_reason: str = "end_turn", **usage: int) -> list[Event]:
    """The events of an answer of `converse_stream`, with its usage at the end."""
    counts = {"inputTokens": 5, "outputTokens": 7, "totalTokens": 12, **usage}
    return [
        ("messageStart", {"role": "assistant"}),
        *parts,
        ("messageStop", {"stopReason": stop_reason}),
        ("metadata", {"usage": counts, "metrics": {"latencyMs": 321}}),
    ]


def greeting() -> Json:
    """What is answered when nothing else is prescribed."""
    return answer({"text": "Hello from the fake server"})


def greeting_events() -> list[Event]:
    """The same, streamed."""
    parts = ("Hello", " from", " the", " fake", " server")
    return events(*(delta(0, text=part) for part in parts), ("contentBlockStop", {"contentBlockIndex": 0}))
