"""The session: whoever runs files with evals in them and wants to know what came of each."""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from spanscore.evals.reporters import Reporter

if TYPE_CHECKING:
    from spanscore.evals._result import ExperimentResult


class EvalSession:
    """Collects the results of the evals that run while it is active, in the order in which they finish.

    `reporter` shows them instead of the one that each eval would choose; None leaves them their choice.
    """

    def __init__(self, reporter: Reporter | None = None) -> None:
        self.reporter = reporter
        self.results: list[ExperimentResult] = []


_ACTIVE: ContextVar[EvalSession | None] = ContextVar("spanscore_eval_session", default=None)


@contextmanager
def eval_session(*, reporter: Reporter | None = None) -> Generator[EvalSession, None, None]:
    """A session for the length of a `with` block; the results of `Eval` calls within it are collected.

    >>> from spanscore.evals import SilentReporter
    >>> with eval_session(reporter=SilentReporter()) as session:
    ...     pass  # execute a file that calls Eval
    >>> session.results
    []
    """
    session = EvalSession(reporter)
    token = _ACTIVE.set(session)
    try:
        yield session
    finally:
        _ACTIVE.reset(token)


def active_session() -> EvalSession | None:
    """The session in force, None outside any."""
    return _ACTIVE.get()
