"""The lock that a fork waits for."""

import os
import threading
import time

import pytest

from spanscore.store._fork_lock import ForkLock


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_child_finds_it_free_and_the_parent_as_it_was() -> None:
    lock = ForkLock()
    inside, leave = threading.Event(), threading.Event()

    def work() -> None:
        with lock:
            inside.set()
            leave.wait(10)

    thread = threading.Thread(target=work)
    thread.start()
    inside.wait(10)
    threading.Timer(0.05, leave.set).start()
    # The fork waits for the thread above; a child would find the lock held for ever.
    pid = os.fork()
    with lock:
        if pid == 0:
            os._exit(7)
    thread.join(10)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
    with lock:
        pass


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_fork_goes_on_where_the_lock_is_held_for_long() -> None:
    lock = ForkLock()
    with lock:
        pid = os.fork()
        if pid == 0:
            with lock:
                os._exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_child_knows_whether_the_fork_could_wait() -> None:
    closed: list[int] = []
    lock = ForkLock(lambda: closed.append(os.getpid()))
    pid = os.fork()
    if pid == 0:
        os._exit(0 if closed and not lock.was_missed else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    with lock:
        pid = os.fork()
        if pid == 0:
            os._exit(0 if lock.was_missed and len(closed) == 1 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_two_forks_at_once_leave_every_lock_free() -> None:
    last, middle, first = ForkLock(), ForkLock(), ForkLock()
    busy = threading.Event()

    def hold() -> None:
        with last, middle:
            busy.set()
            time.sleep(2.5)

    def fork() -> None:
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)

    threads = [threading.Thread(target=work) for work in (hold, fork, fork)]
    for thread in threads:
        thread.start()
        busy.wait(10)
    for thread in threads:
        thread.join(20)
    for lock in (last, middle, first):
        assert lock._lock.acquire(timeout=1)
        lock._lock.release()
