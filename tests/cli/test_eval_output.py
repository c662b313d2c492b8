"""Where the output of `spanscore eval` goes."""

import os
import subprocess
import sys

import pytest

from spanscore.cli._eval_output import stdout_for_results

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
