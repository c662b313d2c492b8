"""The sink in a process of its own, as the harness holds it."""

import struct
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, cast

from faults.answer import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """What the sink has stored: how often each span came, and the key it came with last."""

    times: Counter[str]
    keys: dict[str, str]

    @property
    def twice(self) -> int:
        """How many arrivals were of a span that had arrived before."""
        return self.times.total() - len(self.times)


class SinkProcess:
    """A running sink that answers with `answer`, until it is told otherwise; a context manager."""

    def __init__(self, folder: Path, answer: Answer) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "faults.sink", str(folder)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._commands = cast("IO[str]", self._process.stdin)
        self._answers = cast("IO[str]", self._process.stdout)
        self.endpoint = f"http://127.0.0.1:{int(self._answers.readline())}"
        self.use(answer)

    def use(self, answer: Answer) -> None:
        """Answer like this from now on; returns when it does."""
        self._commands.write(answer.to_line())
        self._commands.flush()
        self._answers.readline()

    def arrivals(self) -> Arrivals:
        """What has been stored by now."""
        times: Counter[str] = Counter()
        keys: dict[str, str] = {}
        with (self._folder / "arrivals").open(encoding="utf-8") as lines:
            for line in lines:
                trace, span, key, _ = line.split(" ", 3)
                times[f"{trace}/{span}"] += 1
                keys[f"{trace}/{span}"] = key
        return Arrivals(times=times, keys=keys)

    def bodies(self) -> Iterator[bytes]:
        """The bodies that were stored whole, as protobuf."""
        with (self._folder / "bodies").open("rb") as file:
            while head := file.read(8):
                yield file.read(struct.unpack("<Q", head)[0])

    def redirected(self) -> int:
        """How many requests came to the place that 302 points to."""
        return len((self._folder / "redirected").read_text(encoding="utf-8").splitlines())

    def __enter__(self) -> "SinkProcess":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        self._commands.close()
        self._answers.close()
