"""A traced no-op call, small dict in and out, five attributes, against a bare OpenTelemetry SDK span."""

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider as SdkTracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from benchmarks._bare import bare_provider, by_hand
from benchmarks._measure import Spread, interleaved, print_table
from benchmarks._sink import otlp_sink
from benchmarks._ways import Clock, Way, measured, way
from spanscore.tracing import TracerProvider, traced

ROUNDS = 25
BARE = "bare OpenTelemetry SDK, five attributes, exported"
OWN = "own provider"
OFF = "own provider, durability off"
QUESTION = "What is the capital of France?"

measure = partial(measured, calls=400, chunks=2)


def untraced(question: str, k: int) -> dict[str, Any]:
    return {"answer": "Paris", "hits": k}


ours = traced(untraced)


def recorded(chosen: Way, clock: Clock) -> float:
    """A traced call, recorded the chosen way."""
    with chosen.recording():
        return measure(lambda: ours(QUESTION, 3), chosen.flush, clock=clock)


def users_provider(endpoint: str | None = None) -> SdkTracerProvider:
    """A provider of the program's, with an exporter of its own if it has an endpoint."""
    provider = SdkTracerProvider(resource=Resource({}))
    if endpoint is not None:
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint)))
    return provider


def ways(home: Path, endpoint: str) -> dict[str, Way]:
    """The ways of recording; all but one write each span to the spool, all store."""
    own = TracerProvider()
    by_default = way(home / "span", own, destinations=("local",))
    return {
        OWN: by_default,
        "own provider, durability window": way(
            home / "window", own, destinations=("local",), durability="window"
        ),
        OFF: way(home / "off", own, destinations=("local",), durability="off"),
        "own provider, redact_at span": way(home / "redact", own, destinations=("local",), redact_at="span"),
        "user's provider": by_default.through(users_provider()),
        "user's provider with its own export as well": by_default.through(users_provider(endpoint)),
    }


def table(
    title: str, chosen: dict[str, Way], bare: Callable[[Clock], float], clock: Clock
) -> dict[str, Spread]:
    """Print the table of one clock."""
    variants: dict[str, Callable[[], float]] = {BARE: partial(bare, clock)}
    variants |= {name: partial(recorded, each, clock) for name, each in chosen.items()}
    variants["recording off, no provider"] = lambda: measure(lambda: ours(QUESTION, 3), int, clock=clock)
    variants["untraced"] = lambda: measure(lambda: untraced(QUESTION, 3), int, clock=clock)
    targets = {OWN: 1.0}
    if clock is time.thread_time:
        targets = {OWN: 0.5, "own provider, redact_at span": 0.65, "user's provider": 1.2}
    spreads = interleaved(variants, rounds=ROUNDS)
    print_table(title, spreads, against=BARE, targets=targets)
    return spreads


def main() -> None:
    """Print both tables: CPU of the calling thread, and of the whole process with export or storing."""
    with otlp_sink() as endpoint, tempfile.TemporaryDirectory() as home:
        provider = bare_provider(endpoint)
        call = by_hand(provider, untraced, "question", "k")

        def bare(clock: Clock) -> float:
            return measure(lambda: call(QUESTION, 3), provider.force_flush, clock=clock)

        chosen = ways(Path(home), endpoint)
        spreads = table("A traced call: µs of the caller's CPU", chosen, bare, time.thread_time)
        over = spreads["recording off, no provider"].minimum - spreads["untraced"].minimum
        print(f"  recording off costs {over:.2f} µs over the bare call; target ≤ 1.5")
        durable = spreads[OWN].minimum - spreads[OFF].minimum
        print(f'  durability "span" costs {durable:.2f} µs over "off"; target ≤ 4')
        whole = {name: chosen[name] for name in (OWN, OFF, "user's provider")}
        table("A traced call: µs of the whole process, exported or stored", whole, bare, time.process_time)
        for each in chosen.values():
            each.outbox.close()


if __name__ == "__main__":
    main()
