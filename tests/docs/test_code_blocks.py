"""The code blocks of README and docs run as printed, file by file, from top to bottom."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(python|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path) -> list[tuple[str, str]]:
    return BLOCK.findall(page.read_text())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_blocks_run_as_printed(page: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "SPANSCORE_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT / "tests")}
    # Enough to make a client; no page makes calls with it.
    environment["OPENAI_API_KEY"] = "none"
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    for number, (language, text) in enumerate(blocks(page)):
        if language == "python":
            program = tmp_path / f"block_{number}.py"
            program.write_text(text)
            commands = [[sys.executable, "-W", "error", str(program)]]
        else:
            lines = [line[2:] for line in text.splitlines() if line.startswith("$ ")]
            commands = [shlex.split(line) for line in lines if line.startswith("spanscore ")]
        for command in commands:
            ran = subprocess.run(
                command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
            )
            assert ran.returncode == 0, f"{command}\n{ran.stdout}\n{ran.stderr}"


LINK = re.compile(r"\]\(([^)#:]+)\)")


@pytest.mark.parametrize("page", [*PAGES, *ROOT.glob("[A-Z]*.md")], ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    assert [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()] == []


def test_readme_shows_code() -> None:
    assert [language for language, _ in blocks(ROOT / "README.md")].count("python") >= 1
