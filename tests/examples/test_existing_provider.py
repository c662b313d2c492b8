"""The program with a provider of its own sees every span, and so does spanscore of those that concern it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from spanscore.cli import main

pytestmark = pytest.mark.core

EXAMPLE = Path(__file__).parents[2] / "examples" / "existing_provider.py"


def test_both_see_the_span(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SPANSCORE_HOME", str(tmp_path))

    done = subprocess.run([sys.executable, EXAMPLE], capture_output=True, text=True, check=True)

    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert sorted(line for line in lines if line.startswith("exported")) == [
        "exported GET /forecast",
        "exported forecast",
    ]
    (command,) = [line for line in lines if line.startswith("spanscore trace ")]
    assert main([*command.split()[1:], "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["span_attributes"]["name"], row["output"]) == ("forecast", "Lisbon: sunny")
