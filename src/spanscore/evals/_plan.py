"""How each case of an eval is run."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from spanscore.evals._eval_spans import EvalSpans
from spanscore.evals._hooks import SharedHooks
from spanscore.evals._judge import Panels
from spanscore.evals._limit import Limit
from spanscore.evals._options import ErrorScoreHandler
from spanscore.evals._pace import Pace
from spanscore.evals._task import Task
from spanscore.evals._trace import CaseTrace
from spanscore.evals._worker import Workers
from spanscore.tracing import Collected


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the runs of all cases share.

    `limit` is for whole cases; with a `judge_limit`, which is for calls of scorers and classifiers, it is for
    the task alone. `trace_of` makes a trace of the spans of a case, which are collected where a judge asks
    for them, and of all cases if `collects`. `cluster_of` names what a case depends on.
    """

    task: Task
    panels: Panels
    spans: EvalSpans
    workers: Workers
    pace: Pace
    limit: Limit
    hooks: SharedHooks
    judge_limit: Limit | None = None
    case_timeout_s: float | None = None
    retries: int = 0
    error_score_handler: ErrorScoreHandler | None = None
    trace_of: Callable[[Collected, str], CaseTrace] | None = None
    collects: bool = False
    cluster_of: Callable[[Any], str] | None = None

    @property
    def one_hop(self) -> bool:
        """Whether a synchronous task and the synchronous judges of a case share one call of a thread."""
        return self.case_timeout_s is None and self.judge_limit is None
