"""OpenAI calls recorded by spanscore and others, beside the bare client's: CPU of the calling thread.

One process for each, in an environment of its own where it is another library's, stepped in turn. The answers
come from the client's own process.
"""

import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version as installed
from typing import Any

from benchmarks._environments import environment, version
from benchmarks._measure import Spread, interleaved
from benchmarks._openai_program import CHUNKS
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


@dataclass(frozen=True)
class Program:
    """A process that measures when it is asked."""

    process: "subprocess.Popen[str]"

    def measure(self, what: str, calls: int) -> float:
        """Microseconds for one call."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{what} {calls}\n")
        self.process.stdin.flush()
        return float(self._line())

    def wait_until_ready(self) -> None:
        while self._line() != "ready":
            pass

    def _line(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("a program to be measured has ended")
        return line.strip()


@contextmanager
def running(python: str, name: str, url: str) -> Iterator[Program]:
    command = [python, "-m", "benchmarks._openai_program", name, url]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        yield Program(process)
        assert process.stdin is not None
        process.stdin.close()


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


def _measure(programs: dict[str, Program], what: str, calls: int) -> dict[str, Spread]:
    def measurement(program: Program) -> Any:
        return lambda: program.measure(what, calls)

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
            name: stack.enter_context(running(pythons.get(name, sys.executable), name, sink.url))
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
