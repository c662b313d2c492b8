"""Runs the benchmarks named on the command line, all but the peers if none is."""

import sys
from importlib import import_module

NAMES = (
    "traced_call",
    "payloads",
    "burst",
    "outage_memory",
    "eval_case",
    "eval_scale",
    "startup",
    "openai_overhead",
)
PEERS = "peers"


def main() -> None:
    """Run each in turn."""
    chosen = sys.argv[1:] or NAMES
    unknown = sorted(set(chosen) - {*NAMES, PEERS})
    if unknown:
        sys.exit(f"no such benchmark: {', '.join(unknown)}; there are {', '.join((*NAMES, PEERS))}")
    for name in chosen:
        import_module(f"benchmarks.{name}").main()


main()
