"""Processes that measure when they are asked."""

import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Measuring:
    """A process that answers each line with one line, after it has said "ready"."""

    process: "subprocess.Popen[str]"

    def ask(self, what: str, count: int) -> list[float]:
        """The figures of what is asked for."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{what} {count}\n")
        self.process.stdin.flush()
        return [float(word) for word in self._line().split()]

    def wait_until_ready(self) -> None:
        while self._line() != "ready":
            pass

    def _line(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("a program to be measured has ended")
        return line.strip()


@contextmanager
def measuring(
    python: str, module: str, *arguments: str, stderr: Any = None
) -> Generator[Measuring, None, None]:
    """The running module of the benchmarks, in that interpreter."""
    command = [python, "-m", f"benchmarks.{module}", *arguments]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, text=True
    ) as process:
        yield Measuring(process)
        assert process.stdin is not None
        process.stdin.close()
