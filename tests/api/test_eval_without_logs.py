"""`no_send_logs`: results and figures, and nothing else leaves the process."""

import os
import socket
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from spanscore import Eval, init_logger, start_span, traced
from spanscore.api._recording import connection_in_force
from spanscore.errors import ConfigError, EvalError
from spanscore.evals import BaseExperiment

pytestmark = pytest.mark.core

DATA = [{"input": number, "expected": 2 * number} for number in range(40)]
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_WATCHED: list[list[str]] = []


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if not _WATCHED:
        return
    is_write = event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITING
    if event in ("socket.connect", "socket.sendto", "sqlite3.connect", "os.mkdir") or is_write:
        _WATCHED[-1].append(f"{event} {arguments!r}")


@contextmanager
def watched() -> Generator[list[str], None, None]:
    """What connects or writes meanwhile, anywhere in the process."""
    if _audit not in _ADDED:
        sys.addaudithook(_audit)
        _ADDED.append(_audit)
    _WATCHED.append([])
    try:
        yield _WATCHED[-1]
    finally:
        _WATCHED.pop()


_ADDED: list[Any] = []


@traced
def inner(value: int) -> int:
    return 2 * value


def task(value: int, hooks: Any) -> int:
    if value == 3:
        raise ValueError("three")
    hooks.metadata["seen"] = True
    with start_span("below"):
        return inner(value)


def exact(output: int, expected: int) -> bool:
    return output == expected


def tone(output: int) -> dict[str, str]:
    return {"id": "even"}


def test_the_watch_sees_connections_and_files(tmp_path: Path) -> None:
    with watched() as seen:
        (tmp_path / "file").write_text("x")
        with pytest.raises(OSError), socket.create_connection(("127.0.0.1", 1), timeout=5):
            pass
    assert [each.partition(" ")[0] for each in seen] == ["open", "socket.connect"]


@pytest.mark.parametrize("keep_results", [True, False])
def test_nothing_is_connected_or_written(keep_results: bool) -> None:
    home = Path(os.environ["SPANSCORE_HOME"])
    with watched() as seen:
        result = Eval(
            "silent", DATA, task, [exact], classifiers=[tone], no_send_logs=True, keep_results=keep_results,
            quiet=True, retries=1,
        )  # fmt: skip
    assert seen == []
    assert connection_in_force() is None
    assert not home.exists() or list(home.iterdir()) == []
    assert (result.finished, result.error_count, len(result.results)) == (40, 1, 40 if keep_results else 0)
    score = result.summary.scores["exact"]
    assert (score.mean, score.scored_mean, score.scored, score.errored) == (
        pytest.approx(39 / 40),
        1.0,
        39,
        1,
    )
    assert score.interval is not None
    assert score.interval.method == "wilson"
    assert score.interval.low < 39 / 40 < score.interval.high
    assert (result.summary.cases, result.summary.errors, result.summary.inputs) == (40, 1, 40)
    assert result.summary.classifications == {"tone": {"even": 39}}
    assert result.summary.metrics["duration"].count == 40
    assert result.permalink == ""


def test_nothing_goes_to_a_logger_of_the_program() -> None:
    init_logger(project="production")
    connection = connection_in_force()
    assert connection is not None
    before = connection.outbox.flush().delivered
    result = Eval("silent", DATA, task, [exact], no_send_logs=True, quiet=True)
    assert (result.finished, connection.outbox.flush().delivered) == (40, before)


def test_what_needs_a_store_is_refused() -> None:
    with pytest.raises(ConfigError, match="so that max_tokens and max_cost cannot be watched"):
        Eval("silent", DATA, task, [exact], no_send_logs=True, max_tokens=10)
    with pytest.raises(EvalError):
        Eval("silent", BaseExperiment(), task, [exact], no_send_logs=True, quiet=True)


def test_it_is_shown_without_a_place_to_look_at(capsys: pytest.CaptureFixture[str]) -> None:
    Eval("silent", DATA, task, [exact], no_send_logs=True, experiment_name="x")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("silent/x: 40 cases, ")
    assert not any(line.startswith("see") for line in lines)
