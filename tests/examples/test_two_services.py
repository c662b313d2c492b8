"""Two services in processes of their own: their spans are one trace, in the project of the first."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

for needed in ("fastapi", "httpx", "uvicorn"):
    pytest.importorskip(needed)

EXAMPLE = Path(__file__).parents[2] / "examples" / "two_services"


def test_one_trace_runs_through_both(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "SPANSCORE_HOME": str(tmp_path),
        "SPANSCORE_DESTINATION": "local",
        "NO_COLOR": "1",
        "COLUMNS": "100",
    }

    def run(*arguments: str) -> str:
        command = [sys.executable, *arguments]
        done = subprocess.run(
            command, capture_output=True, text=True, env=environment, timeout=120, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    answer, command, title, *lines = run(str(EXAMPLE / "run.py")).splitlines()
    assert answer == "risotto in 25 minutes"
    assert re.fullmatch(r"\$ spanscore trace [0-9a-f]{32}", command)
    assert title.startswith("restaurant · ")
    assert [line.split()[:2] for line in lines[3:7]] == [
        ["order", "task"],
        ["└─", "ask_kitchen"],
        ["└─", "cook"],
        ["└─", "minutes_for"],
    ]
    rows = json.loads(run("-m", "spanscore", "trace", command.split()[-1], "--json"))
    assert [row["span_parents"] for row in rows] == [None, *([row["id"]] for row in rows[:-1])]
    assert {row["root_span_id"] for row in rows} == {command.split()[-1]}


def test_its_page_shows_what_it_prints() -> None:
    shown = (EXAMPLE / "README.md").read_text()
    for name in ("risotto in 25 minutes", "└─ ask_kitchen", "└─ cook", "└─ minutes_for"):
        assert name in shown
