"""An eval on a real Ray of two workers, one of which is killed in the middle."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("ray", reason="Ray is an extra")

PROGRAM = """
import json, os, signal, sys, time
from collections import Counter
from pathlib import Path
import ray
from spanscore import Eval, setup, start_span

FOLDER = Path(sys.argv[1]) if __name__ == "__main__" else Path()

class Own(Exception):
    def __init__(self, one, two):
        super().__init__(f"{one} {two}")

def task(input, hooks):
    marker = FOLDER / f"case-{input}"
    with start_span("inside"):
        if input == 5 and not marker.exists():
            marker.touch()
            os.kill(os.getpid(), signal.SIGKILL)
    if input == 7:
        raise Own("own", "error")
    hooks.metadata["pid"] = os.getpid()
    time.sleep(0.02)
    return input * 2

def exact(output, expected, trace):
    return output == expected and {span.name for span in trace.spans()} == {"task", "inside"}

if __name__ == "__main__":
    home = Path(sys.argv[1]) / "home"
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    setup(home=home, destinations=["local"])
    data = [{"input": number, "expected": 2 * number} for number in range(24)]
    result = Eval("cluster", data, task, [exact], executor="ray", quiet=True, max_concurrency=4)
    ray.shutdown()
    from spanscore.store import SqliteStore
    from spanscore.wire.parent import Parent
    store = SqliteStore(home / "spanscore.db")
    rows = list(store.rows(Parent.parse(f"experiment_id:{result.experiment.id}")))
    traces = {}
    for row in rows:
        traces.setdefault(row.root_span_id, []).append(row.name)
    print(json.dumps({
        "cases": result.summary.cases,
        "outputs": [each.output for each in result.results],
        "pids": len({each.metadata["pid"] for each in result.results if "pid" in each.metadata}),
        "own": os.getpid() in {each.metadata.get("pid") for each in result.results},
        "errors": [str(error) for error in result.errors],
        "mean": result.summary.scores["exact"].mean,
        "whole": sorted(Counter(tuple(sorted(each)) for each in traces.values() if "eval" in each).items()),
    }))
"""


def test_a_dead_workers_cases_run_again_and_each_counts_once(tmp_path: Path) -> None:
    program = tmp_path / "on_ray.py"
    program.write_text(PROGRAM)
    ended = subprocess.run(
        [sys.executable, str(program), str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert ended.returncode == 0, ended.stderr
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    assert found == {
        "cases": 24,
        "outputs": [None if number == 7 else 2 * number for number in range(24)],
        # The two workers, and the one that took the place of the first to die.
        "pids": found["pids"],
        "own": False,
        "errors": ["task: RemoteCaseError: Own: own error"],
        "mean": pytest.approx(23 / 24),
        "whole": [[["eval", "exact", "inside", "task"], 23], [["eval", "inside", "task"], 1]],
    }
    assert found["pids"] in (2, 3)


ABSENT = """
import sys
from spanscore import Eval, setup
setup(home=sys.argv[1], destinations=["local"])
try:
    Eval("cluster", [{"input": 1}], lambda input: input, [], executor="ray", quiet=True)
except Exception as error:
    print(type(error).__name__, error)
"""


def test_without_a_cluster_it_is_said_what_to_do(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", ABSENT, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.stdout.startswith('EvalError executor="ray" finds no Ray cluster')
    assert "call ray.init() before, or set RAY_ADDRESS" in ended.stdout
