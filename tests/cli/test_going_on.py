"""Ctrl-C, and the command that it tells to go on with."""

import json
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.core

Run = Callable[..., "subprocess.CompletedProcess[str]"]

WAITING = """
import time
from pathlib import Path
from spanscore import Eval


def wait():
    while not Path("go").exists():
        time.sleep(0.01)


def task(input):
    if input == 3:
        print("begun", flush=True)
        wait()
    return input


def right(output, expected):
    return output == expected


CASES = [{"input": number, "expected": number} for number in range(6)]
Eval("waiting", CASES, task, [right], max_concurrency=1, experiment_name="the first one")
"""


def test_the_command_that_ctrl_c_names_goes_on(tmp_path: Path, run: Run) -> None:
    (tmp_path / "eval_a.py").write_text(WAITING)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SPANSCORE_HOME", str(tmp_path))
        command = [sys.executable, "-m", "spanscore", "eval", "eval_a.py"]
        running = subprocess.Popen(
            command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
    assert running.stdout is not None
    assert running.stdout.readline() == "begun\n"
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    found = re.search(r"3 cases are kept in .*; go on with: spanscore (eval .*)$", said, re.MULTILINE)
    assert found is not None, said

    (tmp_path / "go").touch()
    done = run(*shlex.split(found[1].replace("FILE", "eval_a.py")), "--jsonl")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["experiment_name"], told["cases"], told["partial"]) == ("the first one", 6, None)
    assert told["scores"]["right"]["score"] == 1
