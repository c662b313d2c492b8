"""Who shows an eval while it runs, and to whom it is reported when it has ended."""

from dataclasses import dataclass, replace
from typing import Any

from spanscore.errors import ConfigError
from spanscore.evals._result import ExperimentResult
from spanscore.evals._session import EndedEval, EvalSession
from spanscore.evals.reporters import Display, Look, ProgressOnly, ReporterDef, choose_display
from spanscore.wire.seams import EvalBackend


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporting:
    """The display of one eval, the reporter that it names, and the session that it runs in.

    `backend` is who keeps the eval's cases.
    """

    display: Display
    backend: EvalBackend | None
    reporter: ReporterDef | str | None
    session: EvalSession | None

    async def end(self, evaluator: Any, result: ExperimentResult) -> None:
        """Report an eval that has run: to the session, which reports when all of its evals have run, or now.

        `evaluator` has the eval's arguments by the official SDK's names. Raises what the reporter raises.
        """
        if self.session is not None:
            self.session.add(self._ended(evaluator, result))
        elif isinstance(self.reporter, ReporterDef):
            await self.reporter.report(evaluator, result, verbose=True, jsonl=False)

    def interrupted(self, evaluator: Any, result: ExperimentResult) -> None:
        """Have the session know what came of an eval until it was interrupted."""
        if self.session is not None:
            self.session.add(self._ended(evaluator, result))

    def _ended(self, evaluator: Any, result: ExperimentResult) -> EndedEval:
        return EndedEval(
            evaluator=evaluator,
            result=result,
            backend=self.backend,
            reporter=self.reporter,
            is_shown=not isinstance(self.display, ProgressOnly),
        )


def plan_reporting(
    asked: ReporterDef | Display | str | None,
    session: EvalSession | None,
    *,
    quiet: bool,
    backend: EvalBackend | None,
) -> Reporting:
    """How an eval of `Eval(reporter=asked)` is shown and reported.

    Raises ConfigError for a name outside `spanscore eval`, and for no name where several reporters are
    defined: before the first case, not after the last.
    """
    display = session.display if session is not None else None
    if asked is not None and not isinstance(asked, (ReporterDef, str)):
        if not hasattr(asked, "watch"):
            raise ConfigError(f"reporter is {asked!r}; give a Reporter, or the name of one")
        return Reporting(display=display or asked, backend=backend, reporter=None, session=session)
    _check(asked, session)
    shown = display or choose_display(_look(session, quiet=quiet), regressions=backend)
    if asked is not None or (session is not None and session.leaves_figures_to_reporters):
        shown = ProgressOnly(shown)
    return Reporting(display=shown, backend=backend, reporter=asked, session=session)


def _check(asked: ReporterDef | str | None, session: EvalSession | None) -> None:
    if session is None and isinstance(asked, str):
        raise ConfigError(
            f"reporter is {asked!r}; only `spanscore eval` knows names, so give the Reporter itself"
        )
    if session is not None and asked is None and len(session.reporters) > 1:
        raise ConfigError(session.unclear_reporter())


def _look(session: EvalSession | None, *, quiet: bool) -> Look:
    look = Look() if session is None else session.look
    return replace(look, quiet=True) if quiet else look
