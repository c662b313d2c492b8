"""The sink: takes OTLP over HTTP and answers as it is told; `python -m faults.sink FOLDER [PORT]`.

It writes `arrivals` (a line for each span it stored: trace, span, key, name; what comes twice stands there
twice), `bodies` (the stored protobuf, length before each) and `redirected` (a line for each request to the
place that 302 points to). Answers are set by lines of JSON on its standard input, each acknowledged by a
line; it ends when its standard input does.
"""

import asyncio
import socket
import struct
import sys
import zlib
from collections.abc import Mapping
from pathlib import Path

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from faults.answer import UP, Answer

PATHS = ("/v1/traces", "/otel/v1/traces")
ELSEWHERE = "/elsewhere"
_REASONS = {200: "OK", 302: "Found", 404: "Not Found"}


class Sink:
    """The listening port, the answer in force, and the files of what came."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self._arrivals = (folder / "arrivals").open("a", encoding="utf-8")
        self._bodies = (folder / "bodies").open("ab")
        self._redirected = (folder / "redirected").open("a", encoding="utf-8")
        self._answer = Answer(is_up=False)
        self._left = 0
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._socket = _bound(port)
        self.port: int = self._socket.getsockname()[1]

    async def use(self, answer: Answer) -> None:
        """Answer like this from now on; open or close the port."""
        self._answer = answer
        self._left = -1 if answer.requests is None else answer.requests
        if answer.is_up and self._server is None:
            self._socket.listen(256)
            self._server = await asyncio.start_server(self._serve, sock=self._socket)
        elif not answer.is_up and self._server is not None:
            self._server.close()
            self._server = None
            for writer in list(self._writers):
                writer.transport.abort()
            # Bound but not listening: the port stays ours, and connections to it are refused.
            self._socket = _bound(self.port)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while await self._request(reader, writer):
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; whether the connection stays open."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        path = head[0].split(" ")[1]
        headers = {
            name.strip().lower(): value.strip() for name, _, value in (h.partition(":") for h in head[1:])
        }
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        if path not in PATHS:
            self._note_elsewhere(path, headers)
            writer.write(_response(404))
            return True
        answer = self._next_answer()
        if answer.hangs:
            await asyncio.Event().wait()
        if answer.delay_s:
            await asyncio.sleep(answer.delay_s)
        response = self._answered(answer, headers, body)
        if response is None:
            writer.transport.abort()
            return False
        writer.write(response)
        return True

    def _next_answer(self) -> Answer:
        if self._left == 0:
            return UP
        self._left -= 1
        return self._answer

    def _answered(self, answer: Answer, headers: Mapping[str, str], body: bytes) -> bytes | None:
        """The response; None for none at all."""
        if answer.status != 200:
            return _response(answer.status, retry_after=answer.retry_after)
        plain = zlib.decompress(body, wbits=31) if headers.get("content-encoding") == "gzip" else body
        if answer.limit_bytes is not None and len(plain) > answer.limit_bytes:
            return _response(413)
        request = ExportTraceServiceRequest()
        request.ParseFromString(plain)
        spans = [
            span
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]
        if answer.poison is not None and any(span.name == answer.poison for span in spans):
            return _response(400)
        kept = [span for span in spans if span.name != answer.rejects]
        key = headers.get("authorization", "-").rpartition(" ")[2]
        self._arrivals.write("".join(f"{s.trace_id.hex()} {s.span_id.hex()} {key} {s.name}\n" for s in kept))
        self._arrivals.flush()
        if len(kept) == len(spans):
            self._bodies.write(struct.pack("<Q", len(plain)) + plain)
            self._bodies.flush()
        return None if answer.loses_acknowledgement else _response(200, rejected=len(spans) - len(kept))

    def _note_elsewhere(self, path: str, headers: Mapping[str, str]) -> None:
        if path == ELSEWHERE:
            self._redirected.write(f"{headers.get('authorization', '-')}\n")
            self._redirected.flush()


def _bound(port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind(("127.0.0.1", port))
    return bound


def _response(status: int, *, retry_after: str | None = None, rejected: int = 0) -> bytes:
    content = ExportTraceServiceResponse()
    if rejected:
        content.partial_success.rejected_spans = rejected
        content.partial_success.error_message = "spans of this name are not taken here"
    body = content.SerializeToString() if status == 200 else b""
    lines = [f"HTTP/1.1 {status} {_REASONS.get(status, 'Refused')}", f"Content-Length: {len(body)}"]
    if status == 200:
        lines.append("Content-Type: application/x-protobuf")
    if status == 302:
        lines.append(f"Location: {ELSEWHERE}")
    if retry_after is not None:
        lines.append(f"Retry-After: {retry_after}")
    return "\r\n".join([*lines, "", ""]).encode() + body


async def _run(folder: Path, port: int) -> None:
    sink = Sink(folder, port)
    sys.stdout.write(f"{sink.port}\n")
    sys.stdout.flush()
    commands = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(commands), sys.stdin
    )
    while line := await commands.readline():
        await sink.use(Answer.from_line(line.decode()))
        sys.stdout.write("ok\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(_run(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
