"""The display that does not say how far an eval is."""

from contextlib import AbstractContextManager
from dataclasses import dataclass

from spanscore.evals._result import ExperimentResult
from spanscore.evals.reporters._display import Display, Listener
from spanscore.evals.reporters._silent import SilentDisplay
from spanscore.wire.seams import ExperimentRef


@dataclass(frozen=True, slots=True)
class FiguresOnly:
    """Shows what came of an eval, as `display` does, but not how far it is."""

    display: Display

    def watch(self, experiment: ExperimentRef, total: int | None) -> AbstractContextManager[Listener]:
        """Watch without a word."""
        return SilentDisplay().watch(experiment, total)

    def show(self, result: ExperimentResult) -> None:
        """Show what came of the eval."""
        self.display.show(result)
