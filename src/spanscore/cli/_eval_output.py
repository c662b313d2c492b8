"""Where the output of `spanscore eval` goes, and who shows the evals."""

import os
import sys
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager, redirect_stdout
from dataclasses import dataclass
from typing import TextIO

from spanscore.evals import Display, EvalResult, ExperimentResult, SilentDisplay
from spanscore.wire.seams import ExperimentRef


@dataclass(frozen=True, slots=True)
class WithoutProgress:
    """A display that shows what came of an eval, as `display` does, but not how far it is."""

    display: Display

    def watch(
        self, experiment: ExperimentRef, total: int | None
    ) -> AbstractContextManager[Callable[[EvalResult], None]]:
        """Watch without a word."""
        return SilentDisplay().watch(experiment, total)

    def show(self, result: ExperimentResult) -> None:
        """Show what came of the eval."""
        self.display.show(result)


@contextmanager
def stdout_for_results() -> Generator[TextIO]:
    """The process's stdout for us alone; what others print meanwhile, subprocesses too, goes to stderr."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        with redirect_stdout(sys.stderr), open(kept, "w", encoding="utf-8", closefd=False) as results:
            yield results
    finally:
        os.dup2(kept, 1)
        os.close(kept)
