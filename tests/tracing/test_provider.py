"""Our provider where it is more than the SDK's."""

import os
from typing import Any

import pytest
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from spanscore.tracing import TracerProvider

pytestmark = pytest.mark.core


def test_same_scope_gives_the_same_tracer() -> None:
    provider = TracerProvider(shutdown_on_exit=False)
    assert provider.get_tracer("a", "1") is provider.get_tracer("a", "1")
    assert provider.get_tracer("a", "1") is not provider.get_tracer("a", "2")


@pytest.mark.parametrize("processor", [SimpleSpanProcessor, BatchSpanProcessor])
def test_exporters_of_others_get_our_spans_until_shutdown(processor: Any) -> None:
    exporter = InMemorySpanExporter()
    provider = TracerProvider(resource=Resource({"service.name": "x"}), shutdown_on_exit=False)
    provider.add_span_processor(processor(exporter))
    with provider.get_tracer("t").start_as_current_span("one"):
        pass
    assert provider.force_flush()
    (span,) = exporter.get_finished_spans()
    assert span.resource.attributes == {"service.name": "x"}
    assert span.instrumentation_scope is not None
    assert span.instrumentation_scope.name == "t"
    provider.shutdown()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this platform")
def test_forked_child_makes_spans_while_the_parents_lock_is_held() -> None:
    provider = TracerProvider(shutdown_on_exit=False)
    provider.get_tracer("t")
    lock: Any = provider._own_lock  # pyright: ignore[reportPrivateUsage]
    with lock:
        child = os.fork()
        if child == 0:
            provider.get_tracer("another").start_span("s").end()
            os._exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
