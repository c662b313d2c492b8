"""Virtual environments to test in, kept in `.matrix/` and used again as long as nothing of them changes."""

import hashlib
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tools.project import ROOT, dependencies

PYTEST = ("pytest", "-q", "-p", "no:cacheprovider", "--hypothesis-profile=short")
_PRINTING = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class Environment:
    """A virtual environment and what is tested in it.

    `pins` are requirements besides those of the package and of its core tests; `tests` are arguments of
    pytest, run with the environment variables `variables`.
    """

    name: str
    python: str = sys.executable
    pins: Sequence[str] = ()
    tests: Sequence[str]
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Where it is kept."""
        return ROOT / ".matrix" / self.name

    @property
    def interpreter(self) -> str:
        """The path of its own interpreter."""
        return str(self.folder / "bin" / "python")


def passes(environments: Sequence[Environment]) -> dict[str, bool]:
    """Whether the tests pass in each environment, by name; two at a time, and what they print is printed."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        return dict(zip((each.name for each in environments), pool.map(_passes, environments), strict=True))


def _passes(environment: Environment) -> bool:
    problem = set_up(environment)
    if problem is not None:
        _say(environment, f"could not be set up\n{problem}")
        return False
    ran = subprocess.run(
        [environment.interpreter, "-m", *PYTEST, *environment.tests],
        cwd=ROOT,
        env={**os.environ, **environment.variables},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = ran.stdout.strip().splitlines()
    _say(environment, lines[-1] if lines else "no output")
    if ran.returncode != 0:
        _say(environment, f"\n{ran.stdout}\n{ran.stderr}")
    return ran.returncode == 0


def set_up(environment: Environment) -> str | None:
    """Make the environment unless it is there as wanted; None, or what went wrong."""
    stamp = environment.folder / "installed"
    wanted = _digest(environment)
    if stamp.exists() and stamp.read_text() == wanted:
        return None
    # No pip of its own: that of the main environment is newer, and resolves in seconds what takes an old
    # one minutes.
    venv = [environment.python, "-m", "venv", "--clear", "--without-pip", str(environment.folder)]
    pip = [sys.executable, "-m", "pip", "--python", environment.interpreter, "--disable-pip-version-check"]
    install = [*pip, "install", "--quiet", "--no-compile", "--editable", ".[coretest]", *environment.pins]
    for command in (venv, install):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            return done.stderr[-10_000:]
    stamp.write_text(wanted)
    return None


def _digest(environment: Environment) -> str:
    """Changes with whatever is to be installed."""
    told = "\n".join([environment.python, *environment.pins, *dependencies(), *dependencies("coretest")])
    return hashlib.sha256(told.encode()).hexdigest()


def _say(environment: Environment, text: str) -> None:
    with _PRINTING:
        print(f"{environment.name}: {text}", flush=True)
