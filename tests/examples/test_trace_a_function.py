"""The example that traces a function runs, and its trace can be looked at as it says."""

import subprocess
import sys
from pathlib import Path

import pytest

from spanscore.cli import main

pytestmark = pytest.mark.core

EXAMPLE = Path(__file__).parents[2] / "examples" / "trace_a_function.py"


def test_runs_and_says_how_to_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SPANSCORE_HOME", str(tmp_path))

    done = subprocess.run([sys.executable, EXAMPLE], capture_output=True, text=True, check=True)

    told, answer = done.stdout.splitlines()
    assert (answer, done.stderr) == ("espresso and cinnamon roll: 5.30 euro", "")
    program, *arguments = told.removeprefix("Look at the trace with: ").split()
    assert program == "spanscore"
    assert main(arguments) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("café · ")
    assert [line.split()[:2] for line in lines[4:6]] == [["receipt", "task"], ["└─", "total"]]
