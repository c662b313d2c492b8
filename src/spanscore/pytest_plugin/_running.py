"""What a worker of pytest-xdist is running, noted where the controller finds it if the worker crashes."""

import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from spanscore._json import from_json, to_json
from spanscore.pytest_plugin._identity import TestIdentity


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningTest:
    """A test that is a case: what it is, what its marker says, in which experiment, since when."""

    identity: TestIdentity
    told: Mapping[str, Any]
    parent: str
    start_ns: int


def note(folder: Path, identity: TestIdentity, told: Mapping[str, Any], parent: str) -> None:
    """Write down which test this process runs, in place of the one before."""
    found = {"identity": asdict(identity), "told": told, "parent": parent, "start_ns": time.time_ns()}
    with suppress(OSError):
        _path(folder).write_text(to_json(found, redact=False), encoding="utf-8")


def forget(folder: Path) -> None:
    """Note that this process runs none."""
    with suppress(OSError):
        _path(folder).unlink(missing_ok=True)


def take(folder: Path, node_id: str) -> RunningTest | None:
    """The test of that id that a process has left behind, once; None where it was no case."""
    for path in sorted(folder.glob("*.running")):
        try:
            found: dict[str, Any] = from_json(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue  # it is being written, by a process that lives
        identity = TestIdentity(**found.pop("identity"))
        if identity.node_id == node_id:
            path.unlink(missing_ok=True)
            return RunningTest(identity=identity, **found)
    return None


def _path(folder: Path) -> Path:
    return folder / f"{os.getpid()}.running"
