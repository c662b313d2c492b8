"""Runs the benchmarks named on the command line, all but the peers if none is.

With `--write FILE` what they print also goes into FILE, which says what it was measured on.
"""

import argparse
import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

NAMES = (
    "traced_call",
    "payloads",
    "burst",
    "outage_memory",
    "eval_case",
    "eval_scale",
    "eval_peers",
    "startup",
    "openai_calls",
)
PEERS = "peers"
PAGE = """# Benchmarks

What `make bench` prints, on {machine}.

Times are CPU microseconds unless a table says otherwise: minimum, median and maximum over the rounds of one
interleaved run, and the ratios of minima and of medians. [cost.md](cost.md) says what they consist of.

```text
{printed}
```
"""


def main() -> None:
    """Run each in a process of its own, so that none finds what another has left."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join((*NAMES, PEERS))}")
    parser.add_argument("--write", type=Path, metavar="FILE", help="where to write the page")
    args = parser.parse_args()
    unknown = sorted(set(args.names) - {*NAMES, PEERS})
    if unknown:
        parser.error(f"no such benchmark: {', '.join(unknown)}; there are {', '.join((*NAMES, PEERS))}")
    printed = "".join(_run(name) for name in args.names or NAMES)
    if args.write:
        page = PAGE.format(machine=_machine(), printed=printed.strip())
        args.write.write_text(page, encoding="utf-8")


def _run(name: str) -> str:
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", f"from benchmarks.{name} import main; main()"],
        stdout=subprocess.PIPE,
        text=True,
    )
    lines: list[str] = []
    with process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            lines.append(line)
    if process.returncode:
        sys.exit(f"the benchmark {name} failed")
    return "".join(lines)


def _machine() -> str:
    cores = os.cpu_count()
    return (
        f"{cores} cores ({platform.machine()}, {platform.system()}), Python {platform.python_version()}, "
        f"opentelemetry {version('opentelemetry-sdk')}"
    )


if __name__ == "__main__":
    main()
