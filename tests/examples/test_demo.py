"""`make demo`: two versions of an eval, their comparison, one trace, and where to go on."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def test_demo_compares_two_versions_and_shows_a_trace(tmp_path: Path) -> None:
    environment = {**os.environ, "SPANSCORE_HOME": str(tmp_path), "COLUMNS": "100", "NO_COLOR": "1"}
    shown = [
        subprocess.run(
            [sys.executable, "tools/demo.py"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for _ in range(2)
    ]
    for text in shown:
        lines = text.splitlines()
        commands = [line for line in lines if line.startswith("$ ")]
        assert commands == [
            "$ spanscore eval examples/time_zones/eval_meridians.py",
            "$ spanscore eval examples/time_zones/eval_neighbours.py",
            "$ spanscore trace latest",
        ]
        assert any("compared with meridians" in line for line in lines)
        assert any(line.startswith("├─ task") for line in lines)
        assert any(str(tmp_path) in line for line in lines)
        assert any("spanscore experiments compare" in line for line in lines)
