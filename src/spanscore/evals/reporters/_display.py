"""What a display is."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from spanscore.evals._result import EvalResult, ExperimentResult
from spanscore.wire.seams import ExperimentRef

Listener = Callable[[EvalResult], None]
"""Is told of each finished trial."""


class Display(Protocol):
    """Shows an eval to whoever watches. It computes nothing and keeps no result."""

    def watch(self, experiment: ExperimentRef, total: int | None) -> AbstractContextManager[Listener]:
        """While the cases run: what is told of each finished one. `total` is their number, if known."""
        ...

    def show(self, result: ExperimentResult) -> None:
        """Show what came of the eval."""
        ...
