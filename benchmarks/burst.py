"""How many of 20,000 spans arrive that are made as fast as possible."""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks._sink import Sink, counting_sink

CALLS = 20_000
DOWN_S = 5.0
LIMIT_S = 240.0
NAMES = {"spanscore": "spanscore", "bare": "bare OpenTelemetry SDK"}


@dataclass(frozen=True, kw_only=True)
class Burst:
    """What became of one burst."""

    arrived: int
    twice: int
    spent_s: float
    cpu_us: float


def burst(python: str, program: str, sink: Sink, down_s: float) -> Burst:
    """Let a program of its own make the spans; the sink is down for the first `down_s` seconds of it."""
    command = [python, "-m", "benchmarks._programs", program, sink.url, str(CALLS), "flush"]
    if not down_s:
        sink.open_after(0)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
        if down_s:
            sink.open_after(down_s)
        spent_s, cpu_us = map(float, process.stdout.readline().split())
        process.wait(LIMIT_S)
    total, distinct = sink.arrivals()
    return Burst(arrived=distinct, twice=total - distinct, spent_s=spent_s, cpu_us=cpu_us)


def print_bursts(names: Mapping[str, str], pythons: Mapping[str, str], down_s: float) -> None:
    """A line for each program."""
    state = f"the backend down for the first {down_s:g} s" if down_s else "the backend up"
    print(f"\n{CALLS:,} spans as fast as possible, {state}")
    print(f"  {'':<40}{'arrived':>9}{'twice':>8}{'burst s':>9}{'µs a call':>11}")
    for program, name in names.items():
        with counting_sink() as sink:
            found = burst(pythons.get(program, sys.executable), program, sink, down_s)
        figures = f"{found.arrived:9,}{found.twice:8,}{found.spent_s:9.2f}{found.cpu_us:11.1f}"
        print(f"  {name:<40}{figures}{'  ≥ 20,000' if program == 'spanscore' else ''}")


def main() -> None:
    """Print both tables."""
    for down_s in (0.0, DOWN_S):
        print_bursts(NAMES, {}, down_s)


if __name__ == "__main__":
    main()
