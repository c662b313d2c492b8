"""Writes the pages of the documentation that are printed by commands: the command line and the costs."""

import subprocess
import sys
from pathlib import Path

from spanscore.cli import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"


def main() -> None:
    """Write both pages; `python tools/docs.py cli` only the first, which takes no time."""
    (DOCS / "cli.md").write_text(command_line(), encoding="utf-8")
    if sys.argv[1:] != ["cli"]:
        (DOCS / "figures.txt").write_text(figures(), encoding="utf-8")


def command_line() -> str:
    """The page of the command line: the help of every command."""
    names = [[], *(list(command.words) for command in COMMANDS)]
    sections = [f"## `{' '.join(['spanscore', *name])}`\n\n```text\n{help_of(name)}```\n" for name in names]
    return "\n".join(
        ["# The command line\n", "Printed by the commands themselves (`make docs`).\n", *sections]
    )


def help_of(name: list[str]) -> str:
    """What a command says of itself, for a terminal of 100 columns."""
    command = [sys.executable, "-m", "spanscore", *name, "--help"]
    environment = {"COLUMNS": "100", "NO_COLOR": "1", "PATH": ""}
    return subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout


def figures() -> str:
    """What the benchmarks print on this machine."""
    command = [sys.executable, "-m", "benchmarks"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    main()
