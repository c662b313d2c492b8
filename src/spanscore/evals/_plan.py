"""The plan: everything that the cases of one eval share, made once."""

from collections.abc import Sequence
from dataclasses import dataclass

from spanscore.evals._spans import EvalSpans
from spanscore.evals._task import Task
from spanscore.evals._worker import Workers
from spanscore.scoring import PreparedScorer


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How each case of an eval is run.

    `one_hop` says that a synchronous task and the synchronous scorers of a case share one call of a worker
    thread; with a time-out each call is on its own.
    """

    task: Task
    scorers: Sequence[PreparedScorer]
    spans: EvalSpans
    workers: Workers
    timeout_s: float | None

    @property
    def one_hop(self) -> bool:
        """True unless each call has a time-out of its own."""
        return self.timeout_s is None
