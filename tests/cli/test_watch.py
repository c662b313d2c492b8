"""Running again when a file changes."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from spanscore.cli._watch import modules_of_program, wait_for_change

pytestmark = pytest.mark.core

EVAL = """
import helper_of_eval
from spanscore import Eval

Eval("watched", [{"input": 1}], lambda input: input, [], quiet=True)
print("answer", helper_of_eval.ANSWER, flush=True)
"""


def test_the_users_own_modules_are_watched_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "helper_of_watch.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    __import__("helper_of_watch")
    try:
        found = modules_of_program(
            ["helper_of_watch", "json", "pytest", "spanscore.errors", "sys", "nowhere"]
        )
    finally:
        del sys.modules["helper_of_watch"]
    assert found == {"helper_of_watch": (tmp_path / "helper_of_watch.py").resolve()}


def test_a_change_a_new_file_and_a_lost_one_end_the_wait(tmp_path: Path) -> None:
    file = (tmp_path / "eval_a.py").resolve()
    file.write_text("")
    for known in (0.0, None):
        wait_for_change({file: known})
    now = file.stat().st_mtime
    waiting = threading.Thread(target=wait_for_change, args=({file: now},), daemon=True)
    waiting.start()
    file.unlink()
    waiting.join(timeout=10)
    assert not waiting.is_alive()


def test_an_eval_runs_again_when_a_module_of_it_changes(tmp_path: Path) -> None:
    (tmp_path / "eval_a.py").write_text(EVAL)
    helper = tmp_path / "helper_of_eval.py"
    helper.write_text("ANSWER = 1\n")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SPANSCORE_HOME", str(tmp_path / "home"))
        command = [sys.executable, "-m", "spanscore", "eval", "--watch", "eval_a.py"]
        watching = subprocess.Popen(
            command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
    assert watching.stdout is not None
    assert watching.stderr is not None
    with watching:
        assert watching.stdout.readline() == "answer 1\n"
        assert watching.stderr.readline() == "watching 2 files; Ctrl-C ends\n"
        helper.write_text("ANSWER = 23\n")
        os.utime(helper, (1, 1))
        assert watching.stdout.readline() == "answer 23\n"
        assert watching.stderr.readline() == "watching 2 files; Ctrl-C ends\n"
        watching.send_signal(signal.SIGINT)
        assert watching.wait(timeout=30) == 130
        assert watching.stderr.read() == "spanscore: interrupted\n"
