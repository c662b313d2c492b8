"""Programs that end without saying so, and what they leave in the spool."""

import subprocess
import sys
from collections.abc import Mapping
from os import environ
from pathlib import Path

PROGRAM = """
import os, signal, sys
import spanscore

spanscore.setup(durability="span")
for number in range(int(sys.argv[1])):
    with spanscore.start_span("work", parent=sys.argv[2], input=number):
        pass
os.kill(os.getpid(), signal.SIGKILL)
"""


def leave_spans(
    count: int, home: Path, *, parent: str = "project_name:left", variables: Mapping[str, str] | None = None
) -> None:
    """Run a program that records so many spans and is killed at once.

    Some of them may be delivered already, where their destination takes them.
    """
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(count), parent],
        env={**environ, "SPANSCORE_HOME": str(home), **(variables or {})},
        timeout=60,
        capture_output=True,
        check=False,
    )
    assert done.returncode == -9, done.stderr.decode()
