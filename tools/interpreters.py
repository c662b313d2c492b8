"""The core tests on supported interpreters and on the oldest supported OpenTelemetry.

These environments have no package of any provider. An interpreter is looked for on the PATH and among pyenv's
versions.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tools.environments import Environment

VERSIONS = ("3.10", "3.11", "3.12", "3.13", "3.14")
RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"
OLDEST_OPENTELEMETRY = "1.32.0"
OLDEST = tuple(
    f"opentelemetry-{name}=={OLDEST_OPENTELEMETRY}" for name in ("api", "sdk", "exporter-otlp-proto-http")
)
CORE = ("-m", "core")
BARE = {"SPANSCORE_TESTED_BARE": "1"}
"""Has a test make sure that no provider is there."""


def environments() -> list[Environment]:
    """Those of the gate: the oldest of everything that is supported, and the newest interpreter."""
    found = interpreters()
    oldest, newest = next(iter(found)), next(reversed(found))
    floor = _environment(oldest, found[oldest], OLDEST)
    return [floor] if newest == RUNNING else [floor, _environment(newest, found[newest])]


def further() -> list[Environment]:
    """What lies between: this interpreter with the oldest OpenTelemetry, others with the newest."""
    found = interpreters()
    others = [_environment(version, path) for version, path in found.items() if version != RUNNING]
    known = {each.name for each in environments()}
    everything = [_environment(RUNNING, sys.executable, OLDEST), *others]
    return [each for each in everything if each.name not in known]


def _environment(version: str, path: str, pins: Sequence[str] = ()) -> Environment:
    name = f"python{version}-opentelemetry{OLDEST_OPENTELEMETRY}" if pins else f"python{version}"
    return Environment(name=name, python=path, pins=pins, tests=CORE, variables=BARE)


def interpreters() -> dict[str, str]:
    """Paths of the supported interpreters on this machine by version, the oldest first."""
    paths = {version: sys.executable if version == RUNNING else find(version) for version in VERSIONS}
    return {version: path for version, path in paths.items() if path}


def missing() -> list[str]:
    """The supported versions of Python that are not on this machine."""
    return [version for version in VERSIONS if version != RUNNING and not find(version)]


@cache
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
    program = "import sys, venv; print('%d.%d' % sys.version_info[:2])"
    try:
        printed = subprocess.run([path, "-c", program], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return printed.stdout.strip() == version
