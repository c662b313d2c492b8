"""Where the output of `spanscore eval` goes."""

import os
import subprocess
import sys
from contextlib import contextmanager
from typing import Any

import pytest

from spanscore.cli._eval_output import WithoutProgress, stdout_for_results

pytestmark = pytest.mark.core


def test_stdout_has_the_results_alone(capfd: pytest.CaptureFixture[str]) -> None:
    with stdout_for_results() as results:
        sys.stdout.write("from Python\n")
        subprocess.run(["echo", "from a subprocess"], check=True)
        os.write(1, b"from C\n")
        results.write("a result\n")
    sys.stdout.write("afterwards\n")

    captured = capfd.readouterr()
    assert captured.out == "a result\nafterwards\n"
    assert set(captured.err.splitlines()) == {"from Python", "from a subprocess", "from C"}


def test_stdout_comes_back_after_an_error(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="boom"), stdout_for_results():
        raise ValueError("boom")
    sys.stdout.write("afterwards\n")

    assert capfd.readouterr().out == "afterwards\n"


class Recorder:
    def __init__(self) -> None:
        self.calls: list[Any] = []

    @contextmanager
    def watch(self, experiment: Any, total: int | None) -> Any:
        self.calls.append(("watch", experiment, total))
        yield self.calls.append

    def show(self, result: Any) -> None:
        self.calls.append(("show", result))


def test_without_progress_only_the_end_is_shown() -> None:
    recorder = Recorder()
    display: Any = WithoutProgress(recorder)

    with display.watch("experiment", 2) as told:
        told("a result")
    display.show("what came of it")

    assert recorder.calls == [("show", "what came of it")]
