"""The display that says nothing."""

from contextlib import AbstractContextManager, nullcontext

from spanscore.evals._result import EvalResult, ExperimentResult
from spanscore.evals.reporters._display import Listener
from spanscore.wire.seams import ExperimentRef


class SilentDisplay:
    """Shows nothing."""

    def watch(self, experiment: ExperimentRef, total: int | None) -> AbstractContextManager[Listener]:
        """Watch without a word."""
        return nullcontext(_ignore)

    def show(self, result: ExperimentResult) -> None:
        """Show nothing."""


def _ignore(result: EvalResult) -> None:
    return None
