"""Locks on files, which end with the process that holds them: how one knows that it lives."""

import errno
import os
from typing import Final

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows
    fcntl = None

OPEN_OWN: Final = os.O_RDWR | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
"""How files of the spool are opened: closed on exec, and never through a symbolic link."""


def lock(fd: int, *, shared: bool = False) -> None:
    """Lock an open file or raise OSError: somebody else holds it, or the system knows no such locks."""
    if fcntl is None:  # pragma: no cover - Windows
        raise OSError(errno.ENOLCK, "this system has no locks that end with a process")
    fcntl.flock(fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)


def try_lock(fd: int, *, shared: bool = False) -> bool:
    """True if the file is locked now, False if somebody else holds it."""
    try:
        lock(fd, shared=shared)
    except OSError:
        return False
    return True
