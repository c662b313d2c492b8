"""Runs the core tests on every supported interpreter found and on the oldest supported OpenTelemetry.

An interpreter is looked for on the PATH and among pyenv's versions. Those that are missing are named; one
whose tests fail, fails the run. The virtual environments are kept in `.matrix/`.
"""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VERSIONS = ("3.10", "3.11", "3.12", "3.13", "3.14")
OLDEST_OPENTELEMETRY = "1.32.0"
OLDEST = tuple(
    f"opentelemetry-{name}=={OLDEST_OPENTELEMETRY}" for name in ("api", "sdk", "exporter-otlp-proto-http")
)
_PRINTING = threading.Lock()


@dataclass(frozen=True)
class Environment:
    """A virtual environment to test in: its name, its interpreter, what is pinned in it."""

    name: str
    python: str
    pins: Sequence[str] = ()

    @property
    def folder(self) -> Path:
        """Where it is kept."""
        return ROOT / ".matrix" / self.name


def main() -> int:
    """Exit status: 0 if the core tests passed wherever they could run."""
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    found = {version: path for version in VERSIONS if version != running and (path := find(version))}
    environments = [Environment(f"python{version}", path) for version, path in found.items()]
    environments.append(
        Environment(f"python{running}-opentelemetry{OLDEST_OPENTELEMETRY}", sys.executable, OLDEST)
    )
    with ThreadPoolExecutor(max_workers=2) as pool:
        passed = list(pool.map(run, environments))
    missing = [version for version in VERSIONS if version != running and version not in found]
    print(f"core tests: the main run has Python {running} and the newest OpenTelemetry")
    print(f"core tests: {summary(environments, passed)}")
    if missing:
        print(f"not on this machine, not tested: Python {', '.join(missing)}")
    return 0 if all(passed) else 1


def summary(environments: Sequence[Environment], passed: Sequence[bool]) -> str:
    """Which environment passed and which did not."""
    results = zip(environments, passed, strict=True)
    return ", ".join(f"{environment.name} {'passed' if ok else 'FAILED'}" for environment, ok in results)


def find(version: str) -> str | None:
    """The path of an interpreter of this version that starts, or None."""
    candidates = [shutil.which(f"python{version}"), *pyenv_interpreters(version)]
    return next((path for path in candidates if path and starts_as(path, version)), None)


def pyenv_interpreters(version: str) -> list[str]:
    """Interpreters of this version that pyenv has installed, the newest first."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    return [str(path / "bin" / "python") for path in sorted(root.glob(f"{version}.*"), reverse=True)]


def starts_as(path: str, version: str) -> bool:
    """True if `path` is an interpreter of this version; a shim of pyenv may be none."""
    program = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"
    try:
        printed = subprocess.run([path, "-c", program], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return printed.stdout.strip() == version


def run(environment: Environment) -> bool:
    """True if the core tests pass in `environment`; prints what they print."""
    python = str(environment.folder / "bin" / "python")
    if not Path(python).exists():
        subprocess.run([environment.python, "-m", "venv", str(environment.folder)], check=True)
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    wanted = [*install, "--editable", ".[coretest]", *environment.pins]
    installed = subprocess.run(wanted, cwd=ROOT, capture_output=True, text=True, check=False)
    if installed.returncode != 0:
        print(f"{environment.name}: could not be set up\n{installed.stderr}", flush=True)
        return False
    tests = [
        python,
        "-m",
        "pytest",
        "-q",
        "-m",
        "core",
        "-p",
        "no:cacheprovider",
        "--hypothesis-profile=short",
    ]
    ran = subprocess.run(tests, cwd=ROOT, capture_output=True, text=True, check=False)
    with _PRINTING:
        lines = ran.stdout.strip().splitlines()
        print(f"{environment.name}: {lines[-1] if lines else 'no output'}", flush=True)
        if ran.returncode != 0:
            print(ran.stdout, ran.stderr, sep="\n", flush=True)
    return ran.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
