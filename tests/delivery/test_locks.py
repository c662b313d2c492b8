"""Locks that end with their holder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from spanscore.delivery._locks import OPEN_OWN, lock, try_lock

pytestmark = pytest.mark.core


def opened(path: Path) -> int:
    return os.open(path, OPEN_OWN | os.O_CREAT, 0o600)


def test_one_holds_it_or_several_share_it(tmp_path: Path) -> None:
    first, second, third = (opened(tmp_path / "x") for _ in range(3))
    lock(first)
    assert not try_lock(second)
    assert not try_lock(second, shared=True)
    with pytest.raises(BlockingIOError):
        lock(second)
    os.close(first)
    assert try_lock(second, shared=True)
    assert try_lock(third, shared=True)
    assert not try_lock(third)
    os.close(second)
    assert try_lock(third)
    os.close(third)


def test_it_ends_with_the_process_however_that_ends(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys\n"
        "from spanscore.delivery._locks import lock\n"
        "lock(os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)); print('held', flush=True); input()"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "x")]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        fd = opened(tmp_path / "x")
        assert not try_lock(fd)
        holder.kill()
    assert try_lock(fd)
    os.close(fd)


def test_file_is_not_opened_through_a_link_nor_inherited(tmp_path: Path) -> None:
    fd = opened(tmp_path / "x")
    assert not os.get_inheritable(fd)
    os.close(fd)
    (tmp_path / "link").symlink_to(tmp_path / "x")
    with pytest.raises(OSError, match="link"):
        opened(tmp_path / "link")
