"""Errors of ours in the user's call path go no further."""

import logging
import os

import pytest

from forked import exit_status, held
from spanscore.tracing import guard, quietly
from spanscore.tracing._guard import Guard


@pytest.fixture(autouse=True)
def _as_for_users() -> None:
    guard.reraise = False


def test_error_of_ours_is_logged_once_and_counted(caplog: pytest.LogCaptureFixture) -> None:
    before = guard.counts.get("a test of the guard", 0)
    for _ in range(3):
        with quietly("a test of the guard"):
            raise RuntimeError("ours")
    assert guard.counts["a test of the guard"] == before + 3
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "your program is not affected" in caplog.records[0].message


def test_each_kind_of_error_is_logged_at_most_once_a_minute(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr("spanscore.tracing._guard.time.monotonic", lambda: now)
    own = Guard()
    for now in (0.0, 59.0, 61.0):  # noqa: B007
        own.report("one", RuntimeError())
        own.report("two", RuntimeError())
    assert [tuple(record.args or ())[:2] for record in caplog.records] == [
        ("one", 1),
        ("two", 1),
        ("one", 3),
        ("two", 3),
    ]


def test_what_is_no_error_of_ours_passes() -> None:
    with pytest.raises(KeyboardInterrupt), quietly("x"):
        raise KeyboardInterrupt


def test_errors_are_raised_in_our_own_tests() -> None:
    guard.reraise = True
    with pytest.raises(RuntimeError), quietly("x"):
        raise RuntimeError


def test_drained_counts_are_those_since_the_last_time(caplog: pytest.LogCaptureFixture) -> None:
    own = Guard()
    for what in ("one", "two", "one"):
        own.report(what, RuntimeError())
    assert own.drain() == {"one": 2, "two": 1}
    assert own.drain() == {}
    own.report("two", RuntimeError())
    assert own.drain() == {"two": 1}
    assert own.counts == {"one": 2, "two": 2}


def test_what_is_forgotten_is_counted_and_logged_again(caplog: pytest.LogCaptureFixture) -> None:
    own = Guard()
    for _ in range(2):
        own.report("one", RuntimeError())
        own.forget()
    assert (own.counts, own.drain(), len(caplog.records)) == ({}, {}, 2)


def test_handler_of_the_programs_that_fails_harms_nobody() -> None:
    class Broken(logging.Filter):
        def filter(self, record: logging.LogRecord) -> bool:
            raise OSError("theirs")

    broken = Broken()
    logger = logging.getLogger("spanscore")
    logger.addFilter(broken)
    before = guard.counts.get("a test of a broken filter", 0)
    try:
        with quietly("a test of a broken filter"):
            raise RuntimeError("ours")
    finally:
        logger.removeFilter(broken)
    assert guard.counts["a test of a broken filter"] == before + 1


def test_error_while_an_error_is_reported_is_counted_too() -> None:
    own = Guard()

    class Failing(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            own.report("inner", RuntimeError())

    handler = Failing()
    logging.getLogger("spanscore").addHandler(handler)
    try:
        own.report("outer", RuntimeError())
    finally:
        logging.getLogger("spanscore").removeHandler(handler)
    assert own.counts == {"outer": 1, "inner": 2}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this platform")
def test_forked_child_does_not_wait_for_a_lock_of_the_parents_and_drains_its_own() -> None:
    own = Guard()
    own.report("the parent's", RuntimeError())

    def in_child() -> None:
        own.report("the child's", RuntimeError())
        assert own.drain() == {"the child's": 1}

    with held(own._lock):
        assert exit_status(in_child) == 0
    assert own.drain() == {"the parent's": 1}
