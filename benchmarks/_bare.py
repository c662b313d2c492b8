"""What everything is measured against: spans made with the OpenTelemetry SDK by hand."""

import json
from collections.abc import Callable
from typing import Any

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

PARENT = "project_name:benchmark"
_ORIGIN = json.dumps({"span_origin": {"name": "bare", "version": "1", "instrumentation": {"name": "bare"}}})


def bare_provider(endpoint: str) -> TracerProvider:
    """The SDK's provider with its batching exporter, as its documentation sets them up."""
    provider = TracerProvider(resource=Resource({}), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint)))
    return provider


def by_hand(provider: TracerProvider, function: Callable[..., Any], *names: str) -> Callable[..., Any]:
    """`function` in a span with five attributes, JSON by the standard library; `names` are its parameters."""
    tracer = provider.get_tracer("bare")

    def call(*args: Any) -> Any:
        with tracer.start_as_current_span("bare") as span:
            span.set_attribute("braintrust.parent", PARENT)
            span.set_attribute("braintrust.span_attributes", json.dumps({"type": "function"}))
            span.set_attribute("braintrust.context_json", _ORIGIN)
            span.set_attribute("braintrust.input_json", json.dumps(dict(zip(names, args, strict=True))))
            output = function(*args)
            span.set_attribute("braintrust.output_json", json.dumps(output))
            return output

    return call
