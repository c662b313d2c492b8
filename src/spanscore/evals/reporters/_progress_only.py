"""The display that leaves what came of an eval to somebody else."""

from contextlib import AbstractContextManager
from dataclasses import dataclass

from spanscore.evals._result import ExperimentResult
from spanscore.evals.reporters._display import Display, Listener
from spanscore.wire.seams import ExperimentRef


@dataclass(frozen=True, slots=True)
class ProgressOnly:
    """Shows how far an eval is, as `display` does, but not what came of it: a user's reporter tells that."""

    display: Display

    def watch(self, experiment: ExperimentRef, total: int | None) -> AbstractContextManager[Listener]:
        """Watch as the display does."""
        return self.display.watch(experiment, total)

    def show(self, result: ExperimentResult) -> None:
        """Show nothing."""
