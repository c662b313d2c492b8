"""The demo: an experiment on real data in two versions, their comparison, and one trace as a tree."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

CLONE = Path(__file__).resolve().parents[1]
EVALS = Path("examples", "time_zones")
HOME = Path(os.environ.get("SPANSCORE_HOME") or CLONE / ".demo").expanduser().resolve()


def spanscore(*arguments: str) -> None:
    """Show a command, run it, and stop the demo if it fails."""
    print(f"\n$ spanscore {shlex.join(arguments)}\n", flush=True)
    environment = {**os.environ, "SPANSCORE_HOME": str(HOME)}
    done = subprocess.run(
        [sys.executable, "-m", "spanscore", *arguments], cwd=CLONE, env=environment, check=False
    )
    if done.returncode:
        sys.exit(done.returncode)


def main() -> None:
    """Run the demo."""
    print("418 places of the tz database: from latitude and longitude, what does the clock say there?")
    print("Version 1 goes by the sun; version 2 asks the nearest large city.")
    spanscore("eval", str(EVALS / "eval_meridians.py"))
    spanscore("eval", str(EVALS / "eval_neighbours.py"))
    spanscore("trace", "latest")
    print(f"""
Everything is in {HOME}; delete that folder to forget it. To look further:

  export PATH={shlex.quote(str(Path(sys.executable).parent))}:"$PATH" SPANSCORE_HOME={shlex.quote(str(HOME))}

  spanscore experiments list                      every experiment and its scores
  spanscore experiments compare neighbours        against the one before, with the cases that changed most
  spanscore trace latest --verbose                a trace with all its values
  spanscore export experiment:time-zones/neighbours --output rows.csv

and in {EVALS}/ the evals themselves.""")


if __name__ == "__main__":
    main()
