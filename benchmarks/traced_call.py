"""A traced no-op call, small dict in and out, five attributes, against a bare OpenTelemetry SDK span."""

import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider as SdkTracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from benchmarks._measure import interleaved, print_table
from benchmarks._sink import otlp_sink
from spanscore._config import Settings
from spanscore._connect import connect
from spanscore.delivery import Outbox
from spanscore.tracing import CURRENT_LOGGER, RECORDING, TracerProvider, traced

CALLS = 400
CHUNKS = 5
ROUNDS = 9
ORIGIN = json.dumps({"span_origin": {"name": "bare", "version": "1", "instrumentation": {"name": "bare"}}})


class Logs:
    parent = "project_name:benchmark"


def untraced(question: str, k: int) -> dict[str, Any]:
    return {"answer": "Paris", "hits": k}


@traced
def ours(question: str, k: int) -> dict[str, Any]:
    return {"answer": "Paris", "hits": k}


def bare_calls(provider: SdkTracerProvider) -> Callable[[str, int], dict[str, Any]]:
    """The same span by hand: five attributes, JSON by the standard library, made current."""
    tracer = provider.get_tracer("bare")

    def bare(question: str, k: int) -> dict[str, Any]:
        with tracer.start_as_current_span("bare") as span:
            span.set_attribute("braintrust.parent", Logs.parent)
            span.set_attribute("braintrust.span_attributes", json.dumps({"type": "function"}))
            span.set_attribute("braintrust.context_json", ORIGIN)
            span.set_attribute("braintrust.input_json", json.dumps({"question": question, "k": k}))
            output = {"answer": "Paris", "hits": k}
            span.set_attribute("braintrust.output_json", json.dumps(output))
            return output

    return bare


def measured(call: Callable[[str, int], Any], flush: Callable[[], Any], clock: Callable[[], float]) -> float:
    """Microseconds a call. Flushed every few hundred calls: the SDK's queue would drop a longer burst."""
    in_caller = clock is time.thread_time
    spent = 0.0
    for _ in range(CHUNKS):
        start = clock()
        for _ in range(CALLS):
            call("What is the capital of France?", 3)
        if in_caller:
            spent += clock() - start
            flush()
        else:
            flush()
            spent += clock() - start
    return spent / (CHUNKS * CALLS) * 1e6


def main() -> None:
    """Print both tables: CPU of the calling thread, and of the whole process with export or storing."""
    CURRENT_LOGGER.set(Logs())
    with otlp_sink() as endpoint, tempfile.TemporaryDirectory() as home:
        bare_provider = SdkTracerProvider(resource=Resource({}))
        bare_provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint)))
        bare = bare_calls(bare_provider)
        settings = Settings(home=Path(home), propagate_threads=False)
        outbox = connect(settings).outbox
        own = TracerProvider()
        users = SdkTracerProvider(resource=Resource({}))
        users_with_export = SdkTracerProvider(resource=Resource({}))
        users_with_export.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint)))
        for clock, title, targets in (
            (
                time.thread_time,
                "A traced call: µs of the caller's CPU",
                {"own provider": 0.5, "user's provider": 1.2},
            ),
            (
                time.process_time,
                "A traced call: µs of the whole process, exported or stored",
                {"own provider": 1.0},
            ),
        ):
            variants = {
                "bare OpenTelemetry SDK, five attributes, exported": lambda clock=clock: measured(
                    bare, bare_provider.force_flush, clock
                ),
                "own provider": lambda clock=clock: recorded(outbox, settings, own, clock),
                "user's provider": lambda clock=clock: recorded(outbox, settings, users, clock),
                "user's provider with its own export as well": lambda clock=clock: recorded(
                    outbox, settings, users_with_export, clock
                ),
                "recording off, no provider": lambda clock=clock: measured(ours, int, clock),
                "untraced": lambda clock=clock: measured(untraced, int, clock),
            }
            spreads = interleaved(variants, rounds=ROUNDS)
            print_table(
                title, spreads, against="bare OpenTelemetry SDK, five attributes, exported", targets=targets
            )
            over = spreads["recording off, no provider"].minimum - spreads["untraced"].minimum
            print(f"  recording off costs {over:.2f} µs over the bare call; target ≤ 1.5")
        outbox.close()


def recorded(outbox: Outbox, settings: Settings, provider: Any, clock: Callable[[], float]) -> float:
    """A traced call with recording through `provider` into the store."""
    RECORDING.switch_on(outbox, settings, provider=provider)
    try:
        return measured(ours, lambda: (outbox.flush(), provider.force_flush()), clock)
    finally:
        RECORDING.switch_off()


if __name__ == "__main__":
    main()
