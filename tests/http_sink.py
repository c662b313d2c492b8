"""A server on loopback that answers as a test says and keeps what it was asked.

    with HttpSink() as sink:
        sink.script += [Answer(status=503), Answer(hang=True)]
        ...
        assert [request.path for request in sink.requests] == ["/v1/traces", "/v1/traces"]

Import it as `from http_sink import Answer, HttpSink`.
"""

import gzip
import threading
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from typing_extensions import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How one request is answered, after its body was read.

    `hang` says nothing until the sink ends. `drop` closes the connection without an answer. `chunks` are sent
    one after the other instead of `body`, in chunked coding, until the client goes. `keep` is False to close
    the connection after the answer.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""
    hang: bool = False
    drop: bool = False
    chunks: Callable[[], Iterator[bytes]] | None = None
    keep: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the sink was asked. Header names are lower case; `connection` tells connections apart."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    connection: int

    @property
    def content(self) -> bytes:
        """The body unpacked."""
        coding = self.headers.get("content-encoding")
        if coding == "gzip":
            return gzip.decompress(self.body)
        return zlib.decompress(self.body) if coding == "deflate" else self.body


class HttpSink:
    """The server: what is in `script` answers first, then `answer(request)`, which gives 200 at first."""

    def __init__(self) -> None:
        self.script: deque[Answer] = deque()
        self.answer: Callable[[Request], Answer] = lambda _request: Answer()
        self.requests: list[Request] = []
        self.released = threading.Event()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.sink = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        """The server's address without a path."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let hanging requests go and stop listening."""
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    def take(self, request: Request) -> Answer:
        """Note the request and say how it is answered."""
        with self._lock:
            self.requests.append(request)
            if self.script:
                return self.script.popleft()
        return self.answer(request)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    sink: HttpSink

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that goes away in the middle is what many tests are about.
        pass


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 0

    @property
    def _sink(self) -> HttpSink:
        assert isinstance(self.server, _Server)
        return self.server.sink

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {key.lower(): value for key, value in self.headers.items()}
        request = Request(
            method=self.command,
            path=self.path,
            headers=headers,
            body=body,
            connection=self.client_address[1],
        )
        answer = self._sink.take(request)
        if answer.hang:
            self._sink.released.wait()
        if answer.hang or answer.drop:
            self.close_connection = True
            return
        self._send(answer)

    do_GET = do_POST
    do_PUT = do_POST
    do_DELETE = do_POST
    do_PATCH = do_POST

    def _send(self, answer: Answer) -> None:
        self.close_connection = not answer.keep
        self.send_response(answer.status)
        for key, value in answer.headers.items():
            self.send_header(key, value)
        if answer.chunks is None:
            self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)
            return
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for chunk in answer.chunks():
            self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, format: str, *args: Any) -> None:
        pass
