"""Evals on a real Ray that are broken off in the middle, and gone on with."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from spanscore.store import SqliteStore

pytest.importorskip("ray", reason="Ray is an extra")

EVAL = """
import os, threading, time
from pathlib import Path
import ray
from spanscore import Eval

FOLDER = {folder!r}
CANCELLED = threading.Event() if {cancels} else None


def task(input, hooks):
    folder = Path(FOLDER, "ran")
    Path(folder, f"{{input}}-{{hooks.trial_index}}-{{time.time_ns()}}").touch()
    if input == 0 and not Path(FOLDER, "mended").exists():
        raise ValueError("not mended")
    if input > 4 and not Path(FOLDER, "goes-on").exists():
        time.sleep(600)
    return input * 2


def exact(output, expected):
    return output == expected


def cancel():
    while len(os.listdir(Path(FOLDER, "ran"))) < 12:
        time.sleep(0.05)
    CANCELLED.set()


if CANCELLED is not None:
    threading.Thread(target=cancel, daemon=True).start()
ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
data = [{{"input": number, "expected": 2 * number}} for number in range(12)]
result = Eval("cluster", data, task, [exact], executor="ray", trial_count=2, max_concurrency=2,
              experiment_name="run", cancel_event=CANCELLED)
if result.stopped is not None:
    print("stopped:", result.stopped, result.finished)
"""
TRIALS = {(number, trial): 1 for number in range(12) for trial in (0, 1)}
BEGUN = [(5, 0), (5, 1)]
"""What the two workers are in the middle of when the ten trials before are through."""


class Run:
    """`spanscore eval` of the file in a folder."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        command = [sys.executable, "-m", "spanscore", "eval", "--no-progress", "eval_ray.py", *arguments]
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("SPANSCORE_HOME", str(folder / "home"))
            self.process = subprocess.Popen(
                command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )

    def ended(self) -> tuple[int, str, str]:
        """Its exit code, and what it has said."""
        out, said = self.process.communicate(timeout=240)
        return self.process.returncode, out, said


def prepared(folder: Path, *, cancels: bool = False) -> Path:
    (folder / "ran").mkdir()
    (folder / "eval_ray.py").write_text(EVAL.format(folder=str(folder), cancels=cancels))
    return folder


def ran(folder: Path) -> list[tuple[int, int]]:
    """Input and trial of each call of the task."""
    names = [name.split("-") for name in os.listdir(folder / "ran")]
    return sorted((int(number), int(trial)) for number, trial, _ in names)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 200
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def stored(folder: Path) -> tuple[dict[str, Any], dict[tuple[int, int], int]]:
    """The figures of the experiment, and how often each trial counts in them."""
    store = SqliteStore(folder / "home" / "spanscore.db")
    experiment = store.find_experiment("cluster/run")
    summary = store.summarize_experiment(experiment.id, baseline=None)
    trials: dict[tuple[int, int], int] = Counter()
    for trial in store.finished_trials(experiment.id):
        [row] = [row for row in store.trace(trial.trace_id) if row.type == "eval"]
        trials[(row.input, trial.trial or 0)] += 1
    store.close()
    figures = {
        "cases": summary.cases,
        "errors": summary.errors,
        "mean": summary.scores["exact"].mean,
        "partial": summary.partial,
    }
    return figures, trials


WHOLE = {"cases": 24, "errors": 0, "mean": 1.0, "partial": None}


def test_after_a_sigkill_each_trial_counts_once(tmp_path: Path) -> None:
    folder = prepared(tmp_path)
    (folder / "mended").touch()
    killed = Run(folder)
    until(lambda: len(ran(folder)) == 12)
    killed.process.send_signal(signal.SIGKILL)
    killed.ended()
    (folder / "goes-on").touch()

    code, _, said = Run(folder, "--resume", "run").ended()

    assert code == 0, said
    assert stored(folder) == (WHOLE, TRIALS)
    assert Counter(ran(folder)) == Counter([*TRIALS, *BEGUN])


def test_after_ctrl_c_errors_are_tried_again_with_the_rest(tmp_path: Path) -> None:
    folder = prepared(tmp_path)
    interrupted = Run(folder)
    until(lambda: len(ran(folder)) == 12)
    interrupted.process.send_signal(signal.SIGINT)

    code, _, said = interrupted.ended()

    assert code == 130, said
    assert said.splitlines()[-1] == (
        "spanscore: stopped; 10 cases are kept in cluster/run; "
        "go on with: spanscore eval eval_ray.py --resume run"
    )
    for name in ("goes-on", "mended"):
        (folder / name).touch()
    code, _, said = Run(folder, "--retry-errors", "run").ended()
    assert code == 0, said
    assert stored(folder) == (WHOLE, TRIALS)
    assert Counter(ran(folder)) == Counter([*TRIALS, *BEGUN, (0, 0), (0, 1)])


def test_a_cancel_event_ends_it_and_what_is_done_is_kept(tmp_path: Path) -> None:
    folder = prepared(tmp_path, cancels=True)

    code, out, said = Run(folder).ended()

    assert (code, "stopped: the run was cancelled by its cancel_event 10\n" in out) == (1, True), out + said
    figures, trials = stored(folder)
    assert (figures["cases"], figures["errors"], figures["partial"]) == (
        10,
        2,
        "the run was cancelled by its cancel_event",
    )
    assert trials == {(number, trial): 1 for number in range(5) for trial in (0, 1)}
