"""Runs of pytest in a folder of their own, as users make them."""

import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from pytest_runs import PLUGINS, SETTINGS, Ran, Runs


@pytest.fixture
def run_tests(tmp_path: Path) -> Runs:
    """Runs the tests in a text: `run_tests(text, "-n", "2")`."""
    folder = tmp_path / "cities"
    folder.mkdir()
    home = tmp_path / "home"

    def run(text: str, *options: str, plugins: tuple[str, ...] = PLUGINS) -> Ran:
        (folder / "pytest.ini").write_text(SETTINGS if "pytest_asyncio.plugin" in plugins else "[pytest]\n")
        (folder / "test_it.py").write_text(dedent(text))
        loaded = [argument for plugin in plugins for argument in ("-p", plugin)]
        command = [sys.executable, "-m", "pytest", "-q", "--tb=short", *loaded, *options]
        environment = {**os.environ, "SPANSCORE_HOME": str(home), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        ran = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=240
        )
        outcomes = ran.stdout.rstrip().rpartition("\n")[2].rpartition(" in ")[0]
        return Ran(printed=ran.stdout + ran.stderr, outcomes=outcomes, home=home)

    return run
