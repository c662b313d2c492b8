"""Virtual environments of other libraries, made when they are not there yet and used again."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

FOLDER = Path(__file__).parents[1] / ".venv-peers"


def environment(name: str, packages: Sequence[str]) -> str:
    """The interpreter of an environment with the newest releases of these packages."""
    folder = FOLDER / name
    python = folder / "bin" / "python"
    if not (folder / ".ready").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, *packages], check=True)
        (folder / ".ready").touch()
    return str(python)


def version(python: str, package: str) -> str:
    """The version of a package that an interpreter has."""
    program = f"from importlib.metadata import version; print(version({package!r}))"
    return subprocess.run([python, "-c", program], capture_output=True, text=True, check=True).stdout.strip()
