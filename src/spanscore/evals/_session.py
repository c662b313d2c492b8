"""The session: whoever runs files with evals in them and wants to know what came of each."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spanscore.evals.reporters import Display

if TYPE_CHECKING:
    from spanscore.evals._result import ExperimentResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """What whoever runs eval files wants otherwise than the files say; None leaves it to them.

    `first`, `sample` (with `seed`), `filters` as (dotted path, regex) and `failing` (an experiment) choose
    cases; `resume` and `retry_errors` go on with an experiment. `cache` is a folder of answers. `parameters`
    are laid over those of the file. `list_only` runs nothing and collects the evaluators' names.
    """

    first: int | None = None
    sample: int | None = None
    seed: int = 0
    filters: tuple[tuple[str, str], ...] = ()
    failing: str | None = None
    resume: str | None = None
    retry_errors: str | None = None
    cache: bool = False
    parameters: Mapping[str, Any] | None = None
    experiment_name: str | None = None
    no_send_logs: bool = False
    num_workers: int | None = None
    max_concurrency: int | None = None
    list_only: bool = False


class EvalSession:
    """Collects the results of the evals that run while it is active, in the order in which they finish.

    `display` shows them instead of the one that each eval would choose; None leaves them their choice.
    `names` are those of the evals that were reached.
    """

    def __init__(self, display: Display | None = None, overrides: Overrides | None = None) -> None:
        self.display = display
        self.overrides = overrides or Overrides()
        self.names: list[str] = []
        self.results: list[ExperimentResult] = []


_ACTIVE: ContextVar[EvalSession | None] = ContextVar("spanscore_eval_session", default=None)


@contextmanager
def eval_session(
    *, display: Display | None = None, overrides: Overrides | None = None
) -> Generator[EvalSession, None, None]:
    """A session for the length of a `with` block; the results of `Eval` calls within it are collected.

    >>> from spanscore.evals import SilentDisplay
    >>> with eval_session(display=SilentDisplay()) as session:
    ...     pass  # execute a file that calls Eval
    >>> session.results
    []
    """
    session = EvalSession(display, overrides)
    token = _ACTIVE.set(session)
    try:
        yield session
    finally:
        _ACTIVE.reset(token)


def active_session() -> EvalSession | None:
    """The session in force, None outside any."""
    return _ACTIVE.get()
