"""How much memory 100,000 calls cost while the backend is down."""

import subprocess
import sys
from collections.abc import Mapping

from benchmarks._sink import counting_sink

CALLS = 100_000
NAMES = {"spanscore": "spanscore", "bare": "bare OpenTelemetry SDK"}


def growth_mb(python: str, program: str) -> float:
    """Megabytes by which a process of its own grows over the calls; nobody listens at its endpoint."""
    with counting_sink() as sink:
        command = [python, "-m", "benchmarks._programs", program, sink.url, str(CALLS), "memory"]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    return float(done.stdout.split()[-1])


def print_growth(names: Mapping[str, str], pythons: Mapping[str, str]) -> None:
    """A line for each program."""
    print(f"\nMemory after {CALLS:,} calls with the backend down")
    for program, name in names.items():
        target = "  target ≤ 15" if program == "spanscore" else ""
        growth = growth_mb(pythons.get(program, sys.executable), program)
        print(f"  {name:<40}{growth:+8.1f} MB{target}")


def main() -> None:
    """Print it."""
    print_growth(NAMES, {})


if __name__ == "__main__":
    main()
