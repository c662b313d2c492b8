"""Run the scenarios of the fault suite: `python -m faults [NAME…]`; status 1 if anything did not hold."""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from faults.catalogue import SCENARIOS
from faults.kills import KILLS, SHORT_KILLS, kills
from faults.page import write_page
from faults.scenario import FULL, SHORT, Place, Scenario
from faults.suite import run_all
from faults.table import table


def main() -> int:
    """Run, print, and write the page if asked."""
    args = _arguments()
    folder = Path(tempfile.mkdtemp(prefix="spanscore-faults-"))
    scenarios = [scenario for scenario in _all(args) if _is_chosen(scenario, args)]
    size = SHORT if args.short else FULL
    results = run_all(scenarios, size, folder, with_baseline=not (args.no_baseline or args.short))
    lines = list(table(results.outcomes, results.baselines))
    sys.stdout.write("\n".join(["", *lines, ""]))
    if args.write is not None:
        write_page(args.write, lines)
    if not results.is_broken:
        shutil.rmtree(folder)
    return int(results.is_broken)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m faults", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="words of the scenarios to run (default: all)"
    )
    parser.add_argument("--short", action="store_true", help="few spans, and the quick scenarios alone")
    parser.add_argument(
        "--no-baseline", action="store_true", help="without the bare OpenTelemetry SDK beside"
    )
    parser.add_argument(
        "--kills", type=int, metavar="N", help=f"how many random SIGKILLs (default: {KILLS:,})"
    )
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the table into this page")
    return parser.parse_args()


def _all(args: argparse.Namespace) -> Sequence[Scenario]:
    number = args.kills or (SHORT_KILLS if args.short else KILLS)
    return (*SCENARIOS, kills(number), kills(max(1, number // 10), place=Place.LOCAL))


def _is_chosen(scenario: Scenario, args: argparse.Namespace) -> bool:
    names: Sequence[str] = args.names
    is_named = not names or any(name.lower() in scenario.name.lower() for name in names)
    return is_named and (scenario.is_short or not args.short)


if __name__ == "__main__":
    sys.exit(main())
