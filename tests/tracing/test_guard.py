"""Errors of ours in the user's call path go no further."""

import logging

import pytest

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
