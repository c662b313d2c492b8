"""The example that wraps an Anthropic client runs, and its calls can be looked at as it says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fake_anthropic import FakeAnthropic, message, text_events, tool_use, whole
from fake_anthropic import streamed as in_parts
from spanscore.cli import main

pytest.importorskip("anthropic", minversion="0.75")

EXAMPLE = Path(__file__).parents[2] / "examples" / "wrap_anthropic.py"


def test_runs_and_says_how_to_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SPANSCORE_HOME", str(tmp_path))
    asked = message(tool_use(city="Rome"), stop_reason="tool_use")
    with FakeAnthropic(
        in_parts(text_events("Hello", " Ada")), whole(asked), whole(message("Sunny."))
    ) as server:
        environment = {**os.environ, "ANTHROPIC_API_KEY": "none", "ANTHROPIC_BASE_URL": server.url}
        done = subprocess.run(
            [sys.executable, EXAMPLE], capture_output=True, text=True, check=True, env=environment
        )

    told, *answers = done.stdout.splitlines()
    assert (answers, done.stderr) == (["Hello Ada", "Sunny."], "")
    assert "It is sunny in Rome." in str(server.received[2].body["messages"])
    program, *arguments = told.removeprefix("Look at the trace with: ").split()
    assert program == "spanscore"
    assert main(arguments) == 0
    lines = capsys.readouterr().out.splitlines()
    tree = [line.lstrip("│├└─ ").split()[:2] for line in lines]
    kinds = ("task", "llm", "tool")
    assert [row[0] for row in tree if len(row) > 1 and row[1] in kinds] == [
        "greet",
        "anthropic.messages.stream",
        "anthropic.messages.tool_runner",
        "anthropic.messages.create",
        "weather",
        "anthropic.messages.create",
    ]
