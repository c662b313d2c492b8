"""Runs the benchmarks named on the command line, all of them if none is."""

import sys
from importlib import import_module

NAMES = ("traced_call", "eval_case", "eval_scale", "startup", "openai_overhead")


def main() -> None:
    """Run each in turn."""
    chosen = sys.argv[1:] or NAMES
    unknown = sorted(set(chosen) - set(NAMES))
    if unknown:
        sys.exit(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(NAMES)}")
    for name in chosen:
        import_module(f"benchmarks.{name}").main()


main()
