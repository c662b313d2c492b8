"""OpenAI calls recorded by spanscore and others, beside the bare client's: CPU of the calling thread.

One process for each, in an environment of its own where it is another library's, stepped in turn. The answers
come from the client's own process.
"""

import statistics
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from importlib.metadata import version as installed
from typing import Any

from benchmarks._environments import environment, version
from benchmarks._measure import Spread, interleaved
from benchmarks._openai_program import CHUNKS
from benchmarks._processes import Measuring, measuring
from benchmarks._sink import counting_sink

ROUNDS = 25
CALLS = {"chat": 40, "stream": 8}
BARE, OURS = "nothing", "spanscore"
PEERS: dict[str, Sequence[str]] = {
    "otel_genai": ("opentelemetry-instrumentation-genai-openai", "opentelemetry-exporter-otlp-proto-http"),
    "openinference": ("openinference-instrumentation-openai", "opentelemetry-exporter-otlp-proto-http"),
    "braintrust": ("braintrust",),
    "langfuse": ("langfuse",),
    "logfire": ("logfire",),
}
CALL_TARGET = 0.4
CHUNK_TARGET_US = 2.0


def _extra(spreads: dict[str, Spread], name: str) -> Spread:
    """What a call costs more than the bare client's, round by round."""
    pairs = zip(spreads[name].figures, spreads[BARE].figures, strict=True)
    return Spread(tuple(one - bare for one, bare in pairs))


def _table(title: str, spreads: dict[str, Spread], names: dict[str, str], per: int) -> dict[str, float]:
    """Print what each costs more than the bare client, and give the medians."""
    bare = spreads[BARE]
    print(f"\n{title}; the bare client takes {bare.median:.0f} µs (least {bare.minimum:.0f})")
    print(
        f"  {'µs of the caller above the bare client':<54}{'least':>9}{'lower':>9}{'median':>9}{'upper':>9}"
    )
    medians: dict[str, float] = {}
    for name, shown in names.items():
        figures = _extra(spreads, name).figures
        lower, median, upper = (figure / per for figure in statistics.quantiles(figures, n=4))
        least = (spreads[name].minimum - bare.minimum) / per
        medians[name] = median
        print(f"  {shown:<54}{least:9.2f}{lower:9.2f}{median:9.2f}{upper:9.2f}")
    return medians


def _measure(programs: dict[str, Measuring], what: str, calls: int) -> dict[str, Spread]:
    def measurement(program: Measuring) -> Any:
        return lambda: program.ask(what, calls)[0]

    return interleaved({name: measurement(each) for name, each in programs.items()}, rounds=ROUNDS)


def _chunks(whole: dict[str, Spread], streamed: dict[str, Spread]) -> dict[str, Spread]:
    """What is left of a stream without what a whole call costs."""
    return {
        name: Spread(tuple(a - b for a, b in zip(spread.figures, whole[name].figures, strict=True)))
        for name, spread in streamed.items()
    }


def main() -> None:
    """Print tables for whole and streamed answers, synchronous and asynchronous."""
    client = f"openai=={installed('openai')}"
    pythons = {name: environment(f"openai-{name}", [client, *PEERS[name]]) for name in PEERS}
    names = {
        OURS: "spanscore, recorded and stored",
        "spanscore_off": "spanscore, recording off",
        **{name: f"{PEERS[name][0]} {version(pythons[name], PEERS[name][0])}" for name in PEERS},
    }
    with counting_sink() as sink, ExitStack() as stack:
        programs = {
            name: stack.enter_context(
                measuring(
                    pythons.get(name, sys.executable),
                    "_openai_program",
                    name,
                    sink.url,
                    stderr=subprocess.DEVNULL,
                )
            )
            for name in (BARE, *names)
        }
        for program in programs.values():
            program.wait_until_ready()
        for kind, prefix in (("Synchronous", ""), ("Asynchronous", "async_")):
            whole = _measure(programs, f"{prefix}chat", CALLS["chat"])
            streamed = _measure(programs, f"{prefix}stream", CALLS["stream"])
            calls = _table(f"{kind} chat completion with {client}", whole, names, 1)
            chunks = _table(
                f"{kind} stream, for each of {CHUNKS} chunks", _chunks(whole, streamed), names, CHUNKS
            )
            cheapest = min(PEERS, key=lambda name: calls[name])
            print(
                f"  a call: {calls[OURS] / calls[cheapest]:.2f} × {names[cheapest]} (≤ {CALL_TARGET:g}); "
                f"a chunk: {chunks[OURS]:.1f} µs (≤ {CHUNK_TARGET_US:g})"
            )


if __name__ == "__main__":
    main()
