"""The tests that the page on pytest shows are run by pytest."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "pytest.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)


def test_the_tests_shown_pass_and_are_recorded(tmp_path: Path) -> None:
    pytest.importorskip("autoevals")
    for number, text in enumerate(BLOCKS):
        (tmp_path / f"test_{number}.py").write_text(text)
    (tmp_path / "pytest.ini").write_text("[pytest]\nspanscore_project = capitals\n")
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "spanscore.pytest_plugin"]
    for run in (1, 2):
        ran = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert f"capitals/experiment-{run}: 3 cases, " in ran.stdout
    assert "compared with experiment-1" in ran.stdout
    for score in ("brevity", "pass", "Levenshtein"):
        assert f"  {score} " in ran.stdout
