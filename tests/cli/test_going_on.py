"""Ctrl-C, and the command that it tells to go on with."""

import json
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

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
    done = run(*shlex.split(found[1]), "--jsonl")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["experiment_name"], told["cases"], told["partial"]) == ("the first one", 6, None)
    assert told["scores"]["right"]["score"] == 1


DONE = """
from spanscore import Eval


def right(output):
    return output == 1


Eval("done", [{"input": 1}], lambda input: input, [right])
"""


def test_after_ctrl_c_the_files_have_what_there_is(tmp_path: Path) -> None:
    (tmp_path / "eval_a.py").write_text(DONE)
    (tmp_path / "eval_b.py").write_text(
        WAITING.replace('print("begun", flush=True)', 'Path("begun").touch()')
    )
    files = {"--junit": "j.xml", "--markdown": "m.md", "--html": "h.html"}
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SPANSCORE_HOME", str(tmp_path / "home"))
        flags = [*(each for pair in files.items() for each in pair), "--jsonl", "--fail-if", "right < 2"]
        command = [sys.executable, "-m", "spanscore", "eval", "eval_a.py", "eval_b.py", *flags]
        running = subprocess.Popen(
            command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
    begun = time.monotonic()
    while not (tmp_path / "begun").exists():
        assert running.poll() is None
        assert time.monotonic() - begun < 60
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    printed, said = running.communicate(timeout=60)
    assert (running.returncode, said.count("3 cases are kept in waiting/the first one")) == (130, 1), said
    told = [json.loads(line) for line in printed.splitlines()]
    reason = "the run was interrupted"
    assert [(each["project_name"], each["cases"], each["partial"]) for each in told] == [
        ("done", 1, None),
        ("waiting", 3, reason),
    ]
    junit = ElementTree.parse(tmp_path / "j.xml")
    assert [(suite.get("tests"), suite.get("failures")) for suite in junit.iter("testsuite")] == [
        ("2", "1"),
        ("3", "0"),
    ]
    partial = [each.get("value") for each in junit.iter("property") if each.get("name") == "partial"]
    assert partial == [reason]
    markdown = (tmp_path / "m.md").read_text()
    assert re.findall(r"^### (.) (\w+)/", markdown, re.MULTILINE) == [("❌", "done"), ("❌", "waiting")]
    assert f"- a partial run: {reason}" in markdown
    assert markdown.count("gate not met") == 1
    assert f"a partial run: {reason}" in (tmp_path / "h.html").read_text()
