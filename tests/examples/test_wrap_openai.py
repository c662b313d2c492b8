"""The example that wraps an OpenAI client runs, and its two calls can be looked at as it says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fake_openai import FakeOpenAI
from spanscore.cli import main

EXAMPLE = Path(__file__).parents[2] / "examples" / "wrap_openai.py"


def test_runs_and_says_how_to_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SPANSCORE_HOME", str(tmp_path))
    with FakeOpenAI() as server:
        environment = {**os.environ, "OPENAI_API_KEY": "none", "OPENAI_BASE_URL": server.url}
        done = subprocess.run(
            [sys.executable, EXAMPLE], capture_output=True, text=True, check=True, env=environment
        )

    told, *answers = done.stdout.splitlines()
    assert (answers, done.stderr) == (["Hello from the fake server"] * 2, "")
    assert [received.body.get("stream", False) for received in server.received] == [False, True]
    program, *arguments = told.removeprefix("Look at the trace with: ").split()
    assert program == "spanscore"
    assert main(arguments) == 0
    lines = capsys.readouterr().out.splitlines()
    tree = [line.split()[:3] for line in lines if "Chat Completion" in line or line.startswith("greet ")]
    assert [row[:2] for row in tree] == [["greet", "task"], ["├─", "Chat"], ["└─", "Chat"]]
