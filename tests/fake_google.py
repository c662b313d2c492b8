"""A server on loopback that answers like the Gemini API and Vertex AI: from a script, or with a greeting.

Run it to try an example by hand: `python tests/fake_google.py` prints its URL and serves until interrupted.
"""

import json
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the server answers: `body` in pieces of the lengths `cuts`, or whole.

    `is_cut` breaks the connection off where the body should go on.
    """

    status: int = 200
    content_type: str = "application/json; charset=UTF-8"
    body: str = ""
    cuts: Sequence[int] = ()
    is_cut: bool = False


@dataclass(frozen=True, kw_only=True)
class Received:
    """A request that came in. `path` is without the query."""

    path: str
    query: str
    headers: Mapping[str, str] = field(repr=False)
    body: Json


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a client that goes away is part of the tests."""


class FakeGoogle:
    """The server, a context manager. The replies it is given are used up in order, then it greets."""

    def __init__(self, *replies: Reply) -> None:
        self.received: list[Received] = []
        self._replies = list(replies)
        self._server = _Server(("127.0.0.1", 0), self._handler_class())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        """The base URL for a client."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def reply(self, *replies: Reply) -> None:
        self._replies.extend(replies)

    def __enter__(self) -> "FakeGoogle":
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
        return self._replies.pop(0) if self._replies else greeting(received)

    def _handler_class(self) -> type[BaseHTTPRequestHandler]:
        answer = self._answer

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 1 << 16  # head and body in one packet: no delayed acknowledgement in between
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                body: Json = json.loads(self.rfile.read(length) or b"{}")
                url = urlsplit(self.path)
                received = Received(path=url.path, query=url.query, headers=dict(self.headers), body=body)
                reply = answer(received)
                data = reply.body.encode()
                self.send_response(reply.status)
                self.send_header("content-type", reply.content_type)
                self.send_header("content-length", str(len(data) + (1 if reply.is_cut else 0)))
                self.end_headers()
                for piece in pieces_of(data, reply.cuts):
                    self.wfile.write(piece)
                    if reply.cuts:
                        self.wfile.flush()
                self.close_connection = self.close_connection or reply.is_cut

            def date_time_string(self, timestamp: float | None = None) -> str:
                return "Mon, 01 Jan 2024 00:00:00 GMT"  # the same for answers that are compared

            def log_message(self, *args: object) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
                """Nothing: the tests' output is theirs."""

        return Handler


def pieces_of(data: bytes, cuts: Sequence[int]) -> Iterable[bytes]:
    """`data` in pieces of the lengths `cuts`, the last one with what is left."""
    for length in cuts:
        if length < len(data):
            yield data[:length]
            data = data[length:]
    yield data


USAGE: Json = {
    "promptTokenCount": 5,
    "candidatesTokenCount": 7,
    "totalTokenCount": 12,
    "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 5}],
}


def candidate(*parts: Json | str, index: int | None = None, **fields: Any) -> Json:
    """A candidate with these parts; a string is a part of text."""
    given = [{"text": part} if isinstance(part, str) else part for part in parts]
    numbered = {} if index is None else {"index": index}
    return {"content": {"parts": given, "role": "model"}, **numbered, **fields}


def answer(*parts: Json | str, **fields: Any) -> Json:
    """A whole response with one candidate."""
    return {
        "candidates": [candidate(*parts, index=0, finishReason="STOP")],
        "usageMetadata": USAGE,
        "modelVersion": "gemini-2.5-flash-001",
        "responseId": "r1",
        **fields,
    }


def chunk(*parts: Json | str, **fields: Any) -> Json:
    """A chunk of a streamed response with one candidate."""
    return {
        "candidates": [candidate(*parts, index=0)],
        "usageMetadata": {"promptTokenCount": 5, "totalTokenCount": 5},
        "modelVersion": "gemini-2.5-flash-001",
        "responseId": "r1",
        **fields,
    }


def text_chunks(*parts: str) -> list[Json]:
    """The chunks of an answer that arrives in parts; the last one says why it ends and what it took."""
    *first, last = parts
    return [*(chunk(part) for part in first), answer(last)]


def function_call(name: str, **arguments: Any) -> Json:
    """A part in which the model calls a function."""
    return {"functionCall": {"name": name, "args": arguments}}


def whole(body: Any, *, status: int = 200) -> Reply:
    """A reply with a JSON body."""
    return Reply(status=status, body=_json(body))


def streamed(chunks: Iterable[Any], *, cuts: Sequence[int] = (), is_cut: bool = False) -> Reply:
    """A reply with a stream of server-sent events."""
    body = "".join(f"data: {_json(one)}\r\n\r\n" for one in chunks)
    return Reply(content_type="text/event-stream", body=body, cuts=cuts, is_cut=is_cut)


def failure(status: int, message: str = "no", reason: str = "INVALID_ARGUMENT") -> Reply:
    """A reply with an error as the API gives it."""
    return whole({"error": {"code": status, "message": message, "status": reason}}, status=status)


def greeting(received: Received) -> Reply:
    """What is answered when nothing else is prescribed: a greeting, streamed when that is asked for."""
    if received.path.endswith(":streamGenerateContent"):
        return streamed(text_chunks("Hello", " from", " the", " fake", " server"))
    return whole(answer("Hello from the fake server"))


def _json(value: Any) -> str:
    # Not the library's own encoder: what is served must not depend on what is tested.
    return json.dumps(value)


if __name__ == "__main__":
    with FakeGoogle() as server:
        print(f"GEMINI_API_KEY=none GOOGLE_GEMINI_BASE_URL={server.url}", flush=True)  # noqa: T201
        with suppress(KeyboardInterrupt):
            threading.Event().wait()
