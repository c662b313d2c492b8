"""A user's instrumentors for requests, urllib3 and sqlite3: they see the user's own I/O only."""

import os
import sqlite3

import requests
import urllib3
from opentelemetry import trace
from opentelemetry.instrumentation.requests import RequestsInstrumentor
from opentelemetry.instrumentation.sqlite3 import SQLite3Instrumentor
from opentelemetry.instrumentation.urllib3 import (  # pyright: ignore[reportMissingTypeStubs]
    URLLib3Instrumentor,
)
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

import spanscore
from faults.programs.recording import MARKS, finish, record, start

_PREFIX = "opentelemetry.instrumentation."


def use_all(endpoint: str) -> None:
    """The program's own requests and queries, one of each kind; these must be seen."""
    requests.get(endpoint, timeout=10)
    urllib3.PoolManager().request("GET", endpoint, timeout=10, retries=False)
    connection = sqlite3.connect(":memory:")
    connection.cursor().execute("SELECT 1")
    connection.close()


def seen(exporter: InMemorySpanExporter) -> int:
    """How many spans the instrumentors have made."""
    scopes = [span.instrumentation_scope for span in exporter.get_finished_spans()]
    return sum(scope is not None and scope.name.startswith(_PREFIX) for scope in scopes)


if __name__ == "__main__":
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    for instrumentor in (RequestsInstrumentor(), URLLib3Instrumentor(), SQLite3Instrumentor()):
        instrumentor.instrument()
    start()
    use_all(os.environ["FAULTS_ELSEWHERE"])
    # requests stands on urllib3, so that both instrumentors see its one request.
    own = seen(exporter)
    if own not in (3, 4):
        MARKS.count(exceptions=1)
    record()
    spanscore.flush(20.0)
    MARKS.count(strangers=seen(exporter) - own)
    finish()
