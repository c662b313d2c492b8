"""Servers in a process of their own that take spans: their cost is nobody's."""

import gzip
import json
import multiprocessing
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

_ARRIVALS = "/arrivals"


class _Discarding(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.take(self.rfile.read(int(self.headers["Content-Length"])))
        self.answer(b"")

    def take(self, body: bytes) -> None:
        """Throw it away."""

    def answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json" if body else "application/x-protobuf")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class _Keeping(_Discarding):
    """Keeps what came and counts it when it is asked: decoding at once would cost the machine."""

    kept: tuple[list[bytes], list[bytes]] = ([], [])

    def take(self, body: bytes) -> None:
        data = gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body
        spans, rows = self.kept
        if self.path.endswith("/traces"):
            spans.append(data)
        elif self.path.endswith("/logs3"):
            rows.append(data)

    def do_POST(self) -> None:
        self.take(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        self.answer(b"" if self.path.endswith("/traces") else self._fake_account())

    def do_GET(self) -> None:
        self.answer(json.dumps(self._arrived()).encode() if self.path == _ARRIVALS else self._fake_account())

    def _arrived(self) -> list[int]:
        spans, rows = self.kept
        ids = [span_id for body in spans for span_id in _span_ids(body)]
        ids += [row["id"] for body in rows for row in json.loads(body)["rows"] if "span_id" in row]
        return [len(ids), len(set(ids))]

    def _fake_account(self) -> bytes:
        """What libraries ask their service for before they send, all in one object."""
        url = f"http://{self.headers['Host']}"
        named: Any = {"id": "00000000-0000-0000-0000-000000000001", "name": "bench"}
        org: Any = {**named, "api_url": url, "proxy_url": url}
        account = {"org_info": [org], "project": named, "project_name": "bench", "project_url": url, **named}
        account |= {"experiment_name": "bench", "experiment_url": url, "comparison_experiment_name": None}
        account |= {"scores": {}, "metrics": {}, "version": "2.0.0"}
        return json.dumps(account).encode()


def _span_ids(body: bytes) -> Iterable[bytes]:
    request: Any = ExportTraceServiceRequest.FromString(body)
    for resource in request.resource_spans:
        for scope in resource.scope_spans:
            for span in scope.spans:
                yield span.span_id


def _serve(pipe: Connection, handler: type[BaseHTTPRequestHandler]) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler, bind_and_activate=False)
    server.request_queue_size = 128
    # Bound and not listening, so that connections are refused until the sink is opened.
    server.server_bind()
    pipe.send(server.server_address[1])
    time.sleep(pipe.recv())
    server.server_activate()
    server.serve_forever()


@dataclass(frozen=True)
class Sink:
    """A sink that is down until it is opened, and counts what arrives."""

    url: str
    open_after: Callable[[float], None]

    def arrivals(self) -> tuple[int, int]:
        """How many spans have come, and how many different ones."""
        with urllib.request.urlopen(self.url + _ARRIVALS, timeout=120) as answer:
            total, distinct = json.load(answer)
        return total, distinct


@contextmanager
def _running(handler: type[BaseHTTPRequestHandler]) -> Iterator[Sink]:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, handler), daemon=True)
    process.start()
    try:
        yield Sink(f"http://127.0.0.1:{here.recv()}", here.send)
    finally:
        process.terminate()
        process.join()


@contextmanager
def otlp_sink() -> Iterator[str]:
    """The endpoint of a running sink that throws everything away."""
    with _running(_Discarding) as sink:
        sink.open_after(0)
        yield f"{sink.url}/v1/traces"


@contextmanager
def counting_sink() -> Iterator[Sink]:
    """A sink that is down until `open_after(seconds)` is called."""
    with _running(_Keeping) as sink:
        yield sink
