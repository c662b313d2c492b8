"""An OpenTelemetry program with a provider and an exporter of its own, to which spanscore is added.

Its exporter sees every span, spanscore's among them. Spanscore records those that concern it, in the same
trace and through the same provider.
"""

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor

from spanscore import init_logger, traced

provider = TracerProvider(resource=Resource.create({"service.name": "weather"}))
exporter = ConsoleSpanExporter(formatter=lambda span: f"exported {span.name}\n")
provider.add_span_processor(SimpleSpanProcessor(exporter))
trace.set_tracer_provider(provider)
tracer = trace.get_tracer("weather")


@traced
def forecast(city: str) -> str:
    """A span of spanscore's, inside a span of the program's own."""
    return f"{city}: sunny"


if __name__ == "__main__":
    init_logger(project="weather")
    with tracer.start_as_current_span("GET /forecast") as span:
        print(forecast("Lisbon"))
        print(f"spanscore trace {span.get_span_context().trace_id:032x}")
