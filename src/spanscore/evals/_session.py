"""The session: whoever runs files with evals in them and wants to know what came of each."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spanscore.errors import NoCasesError, SpanscoreError
from spanscore.evals.reporters import Display, Look, ReporterDef
from spanscore.wire.seams import EvalBackend

if TYPE_CHECKING:
    from pathlib import Path

    from spanscore.evals._result import ExperimentResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """What whoever runs eval files wants otherwise than the files say; None leaves it to them.

    `first`, `sample` (with `seed`), `filters` as (dotted path, regex) and `failing` (an experiment) choose
    cases; `resume` and `retry_errors` go on with an experiment. `cache` is a folder of answers. `parameters`
    are laid over those of the file, and `combination` names them where they are one of several combinations.
    `list_only` runs nothing and collects the evaluators' names.
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
    combination: str | None = None
    experiment_name: str | None = None
    no_send_logs: bool = False
    num_workers: int | None = None
    max_concurrency: int | None = None
    list_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedEval:
    """An eval that has run within a session.

    `evaluator` has its arguments, as reporters get them; `reporter` is what it named: one, a name, None.
    `backend` is who keeps its cases. `is_shown` says that its figures have been shown already.
    """

    evaluator: Any
    result: "ExperimentResult"
    backend: EvalBackend | None
    reporter: ReporterDef | str | None = None
    is_shown: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An eval that has not run, since it has nothing of what was asked for."""

    name: str
    why: SpanscoreError

    @property
    def is_misuse(self) -> bool:
        """True unless it only has no case to run."""
        return not isinstance(self.why, NoCasesError)


class EvalSession:
    """Collects the evals that run while it is active, in the order in which they finish.

    `display` shows them instead of the one that each eval would choose; None leaves them their choice, of
    which `look` says how much it shows.
    `file` is the one that runs now, where whoever runs it says so.
    `names` are those of the evals that were reached; `left_out` are those of them that have not run, with the
    reason. `reporters` are those that the files define, by name; `expects_reporters` says that one is known
    to come, so that nothing is shown before it is there.
    """

    def __init__(
        self,
        display: Display | None = None,
        overrides: Overrides | None = None,
        *,
        look: Look | None = None,
        expects_reporters: bool = False,
    ) -> None:
        self.display = display
        self.look: Look = look or Look()
        self.overrides: Overrides = overrides or Overrides()
        self.file: Path | None = None
        self.names: list[str] = []
        self.ended: list[EndedEval] = []
        self.left_out: list[LeftOut] = []
        self.reporters: dict[str, ReporterDef] = {}
        self._expects_reporters = expects_reporters

    @property
    def results(self) -> "list[ExperimentResult]":
        """What came of each eval."""
        return [each.result for each in self.ended]

    @property
    def leaves_figures_to_reporters(self) -> bool:
        """True if the files define a reporter, which tells what came of an eval in the display's place."""
        return self._expects_reporters or bool(self.reporters)

    def add(self, ended: EndedEval) -> None:
        """Collect an eval that has run."""
        self.ended.append(ended)

    def define(self, reporter: ReporterDef) -> None:
        """Take note of a reporter; one of the same name gives way."""
        self.reporters[reporter.name] = reporter

    def unclear_reporter(self) -> str:
        """What to say to an eval that names none of several reporters."""
        names = list(map(repr, self.reporters))
        return f"several reporters are defined ({', '.join(names)}); say which: Eval(…, reporter={names[0]})"


@contextmanager
def within_eval() -> Generator[None, None, None]:
    """A block in which an eval of the session in force runs its cases.

    What a task evaluates on its own is no part of the session: which cases are chosen, how the experiment is
    named, gates and reports concern the evals of the files. That nothing is to be sent concerns all.
    """
    session = _ACTIVE.get()
    if session is None:
        yield
        return
    inherited = Overrides(no_send_logs=session.overrides.no_send_logs, cache=session.overrides.cache)
    with eval_session(overrides=inherited, look=session.look):
        yield


_ACTIVE: ContextVar[EvalSession | None] = ContextVar("spanscore_eval_session", default=None)


@contextmanager
def eval_session(
    *,
    display: Display | None = None,
    overrides: Overrides | None = None,
    look: Look | None = None,
    expects_reporters: bool = False,
) -> Generator[EvalSession, None, None]:
    """A session for the length of a `with` block; the results of `Eval` calls within it are collected.

    >>> from spanscore.evals import SilentDisplay
    >>> with eval_session(display=SilentDisplay()) as session:
    ...     pass  # execute a file that calls Eval
    >>> session.results
    []
    """
    session = EvalSession(display, overrides, look=look, expects_reporters=expects_reporters)
    token = _ACTIVE.set(session)
    try:
        yield session
    finally:
        _ACTIVE.reset(token)


def active_session() -> EvalSession | None:
    """The session in force, None outside any."""
    return _ACTIVE.get()
