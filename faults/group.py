"""A program in a process group of its own, which ends with it, one way or the other."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_ORPHANS_S = 3.0
_POLL_S = 0.005
_OURS = ("OTEL_", "SPANSCORE_", "BRAINTRUST_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a program ended: its status (None if it had to be killed), when, and the hung processes."""

    status: int | None
    at: float
    hangs: int


class Group:
    """A running program with all that it starts; its output goes to `log`."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        # What the user's own shell says about tracing must not decide here.
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                env={**inherited, **environment},
                cwd=log.parent,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def has_ended(self) -> bool:
        """Whether the program itself is gone."""
        return self._process.poll() is not None

    def wait(self, patience_s: float) -> Ended:
        """Wait for the program, then a little for what it has left behind; kill what does not end."""
        deadline = time.monotonic() + patience_s
        while self._process.poll() is None and time.monotonic() < deadline:
            time.sleep(_POLL_S)
        at = time.monotonic()
        status = self._process.returncode
        if status is None:
            return Ended(status=None, at=at, hangs=self._kill())
        while (left := self._members()) and time.monotonic() < at + _ORPHANS_S:
            time.sleep(0.05)
        return Ended(status=status, at=at, hangs=self._kill() if left else 0)

    def _kill(self) -> int:
        """Have every process of the group dump its stacks, and kill it; how many there were."""
        members = self._members()
        for sign in (signal.SIGUSR1, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, sign)
            time.sleep(0.3)
        self._process.wait()
        return max(1, len(members))

    def _members(self) -> list[int]:
        """The processes of the group that are not dead; empty where there is no /proc to tell."""
        return [int(path.name) for path in Path("/proc").glob("[0-9]*") if self._is_member(path)]

    def _is_member(self, path: Path) -> bool:
        try:
            state, _, group = (path / "stat").read_text().rpartition(")")[2].split()[:3]
        except OSError:
            return False
        return int(group) == self._process.pid and state not in "ZX"
