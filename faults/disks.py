"""File systems that take nothing, or little: mounted for one program alone, in a namespace of its own."""

import functools
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from faults.scenario import Disk

_SIZES = {Disk.FULL: "size=256k", Disk.READ_ONLY: "size=256k,ro"}


@functools.cache
def can_mount() -> bool:
    """Whether this user may mount a file system for a program of its own."""
    if shutil.which("unshare") is None:
        return False
    probe = ["unshare", "-r", "-m", "sh", "-c", "mount -t tmpfs tmpfs /mnt"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def on_disk(command: Sequence[str], disk: Disk, home: Path) -> list[str]:
    """The command, run where `home` is such a disk."""
    if disk is Disk.PLAIN:
        return list(command)
    home.mkdir(parents=True, exist_ok=True)
    mount = f"mount -t tmpfs -o {_SIZES[disk]} tmpfs {shlex.quote(str(home))}"
    return ["unshare", "-r", "-m", "sh", "-c", f"{mount} && exec {shlex.join(command)}"]
