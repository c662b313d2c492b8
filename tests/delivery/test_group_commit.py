"""The thread that writes out a window of records."""

import threading

import pytest

from spanscore.delivery._group_commit import GroupCommit

pytestmark = pytest.mark.core


def test_what_was_notified_is_written_out_and_again() -> None:
    written = threading.Semaphore(0)
    group = GroupCommit(written.release, 0.001)
    for _ in range(3):
        assert group.notify()
        assert written.acquire(timeout=30)
    assert not written.acquire(timeout=0.05)
    group.end(30)


def test_nothing_runs_before_it_is_notified_nor_after_the_end() -> None:
    written = threading.Semaphore(0)
    before = set(threading.enumerate())
    group = GroupCommit(written.release, 0.001)
    group.end(30)
    assert set(threading.enumerate()) <= before
    group.notify()
    assert written.acquire(timeout=30)
    (thread,) = set(threading.enumerate()) - before
    assert (thread.name, thread.daemon) == ("spanscore-window", True)
    group.end(30)
    assert not thread.is_alive()


def test_end_does_not_wait_for_the_window() -> None:
    written = threading.Semaphore(0)
    group = GroupCommit(written.release, 1000)
    group.notify()
    group.end(30)
    assert written.acquire(timeout=30)


def test_it_begins_again_after_the_end() -> None:
    written = threading.Semaphore(0)
    group = GroupCommit(written.release, 0.001)
    for _ in range(3):
        assert group.notify()
        assert written.acquire(timeout=30)
        group.end(30)


def test_without_a_thread_the_caller_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_thread(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", no_thread)
    group = GroupCommit(lambda: None, 1000)
    assert [group.notify(), group.notify()] == [False, False]
    group.end(30)
