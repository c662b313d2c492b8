"""Running again when a file changes."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from spanscore.cli._eval_files import find_eval_files
from spanscore.cli._watch import Watched, watch

pytestmark = pytest.mark.core

EVAL = """
import answers_of_evals
from spanscore import Eval

Eval("watched", [{"input": 1}], lambda input: input, [], quiet=True)
print("answer", answers_of_evals.ANSWER, flush=True)
"""


def put(file: Path, text: str) -> None:
    """Put a file there as editors do: whole, in the place of another, which is away for a moment."""
    beside = file.with_suffix(".swp")
    beside.write_text(text)
    file.unlink(missing_ok=True)
    beside.rename(file)


def ends_by(folder: Path, change: Callable[[], object]) -> bool:
    """Whether a watch of the folder ends by the change, and no sooner."""
    watched = Watched(lambda: find_eval_files([folder]), [folder])
    waiting = threading.Thread(target=watched.wait, daemon=True)
    waiting.start()
    waiting.join(timeout=0.5)
    assert waiting.is_alive()
    change()
    waiting.join(timeout=10)
    return not waiting.is_alive()


def test_what_ends_the_wait(tmp_path: Path) -> None:
    file, inner = tmp_path / "eval_a.py", tmp_path / "more" / "deep"
    file.write_text("")
    inner.mkdir(parents=True)
    assert ends_by(tmp_path, lambda: file.write_text("print()"))
    assert ends_by(tmp_path, lambda: put(file, "print(2)"))
    assert ends_by(tmp_path, lambda: os.utime(file, (1, 1)))
    assert ends_by(tmp_path, lambda: (inner / "eval_b.py").write_text(""))
    assert ends_by(tmp_path, lambda: (inner / "eval_b.py").rename(inner / "eval_c.py"))
    assert ends_by(tmp_path, lambda: (inner / "eval_c.py").unlink())


def test_what_has_nothing_to_do_with_the_evals_does_not_end_the_wait(tmp_path: Path) -> None:
    (tmp_path / "eval_a.py").write_text("")
    watched = Watched(lambda: find_eval_files([tmp_path]), [tmp_path])
    waiting = threading.Thread(target=watched.wait, daemon=True)
    waiting.start()
    (tmp_path / "notes.txt").write_text("")
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "other.py").write_text("")
    waiting.join(timeout=1.5)
    assert waiting.is_alive()
    (tmp_path / "new" / "eval_b.py").write_text("")
    waiting.join(timeout=10)
    assert not waiting.is_alive()


def test_what_changes_while_it_runs_runs_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "eval_a.py"
    file.write_text("0")
    runs: list[str] = []

    def run() -> None:
        runs.append(file.read_text())
        if len(runs) == 3:
            raise KeyboardInterrupt
        file.write_text(f"{len(runs)}{len(runs)}")

    with pytest.raises(KeyboardInterrupt):
        watch(run, lambda: [file], [file])
    assert runs == ["0", "11", "22"]
    assert capsys.readouterr().err == "watching 1 file; Ctrl-C ends\n" * 2


class Watching:
    """`spanscore eval --watch` in a folder, and what it says from one run to the next."""

    def __init__(self, folder: Path) -> None:
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("SPANSCORE_HOME", str(folder / "home"))
            self.process = subprocess.Popen(
                [sys.executable, "-m", "spanscore", "eval", "--watch", "."],
                cwd=folder,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )

    def run(self) -> tuple[list[str], int]:
        """The answers and errors of the run that ends next, and how many files are watched."""
        assert self.process.stdout is not None
        told: list[str] = []
        for line in self.process.stdout:
            if counted := re.match(r"watching (\d+) files?; Ctrl-C ends", line):
                return told, int(counted[1])
            if line.startswith(("answer", "spanscore:")) or re.match(r"\w+Error:", line):
                told.append(line.rstrip())
        raise AssertionError(f"it has ended after {told}")


def test_evals_run_again_as_they_are_edited(tmp_path: Path) -> None:
    (tmp_path / "eval_a.py").write_text(EVAL)
    helper = tmp_path / "answers_of_evals.py"
    helper.write_text("ANSWER = 1\n")
    watching = Watching(tmp_path)
    with watching.process:
        try:
            assert watching.run() == (["answer 1"], 2)
            put(helper, "ANSWER = 2\n")
            assert watching.run() == (["answer 2"], 2)
            put(helper, "ANSWER =\n")
            assert watching.run() == (["SyntaxError: invalid syntax"], 2)
            put(helper, "ANSWER = 3\n")
            assert watching.run() == (["answer 3"], 2)
            put(tmp_path / "eval_b.py", EVAL.replace("answers_of_evals", "others_of_evals"))
            assert watching.run() == (
                ["answer 3", "ModuleNotFoundError: No module named 'others_of_evals'"],
                3,
            )
            put(tmp_path / "others_of_evals.py", "ANSWER = 4\n")
            assert watching.run() == (["answer 3", "answer 4"], 4)
            (tmp_path / "eval_a.py").unlink()
            assert watching.run() == (["answer 4"], 2)
            (tmp_path / "eval_b.py").unlink()
            said = "spanscore: no evals in .; their files are named eval_*.py or *_eval.py"
            assert watching.run() == ([said], 0)
            put(tmp_path / "eval_a.py", EVAL)
            assert watching.run() == (["answer 3"], 2)
        finally:
            watching.process.send_signal(signal.SIGINT)
        assert watching.process.stdout is not None
        assert watching.process.stdout.read() == "spanscore: interrupted\n"
    assert watching.process.returncode == 130
