"""The worker: runs cases of an eval in a process of its own."""

import asyncio
from functools import partial

from spanscore.evals._attempts import run_trial
from spanscore.evals._judge import Panel, Panels
from spanscore.evals._limit import Limit
from spanscore.evals._pace import Pace
from spanscore.evals._parameters import read_parameters
from spanscore.evals._plan import Plan
from spanscore.evals._planning import cluster_of, hooks_of, judge_limit_of
from spanscore.evals._task import prepare_task
from spanscore.evals._trace import CaseTrace
from spanscore.evals._trials import Trial
from spanscore.evals._worker import Workers
from spanscore.evals.distributed._gathered import GatheredSpans
from spanscore.evals.distributed._job import Job
from spanscore.evals.distributed._outcome import Dumps, Loads, Outcome, portable
from spanscore.tracing import RECORDING
from spanscore.wire.http_attempts import HTTP_ATTEMPTS, HttpAttempt

_MOST_AT_ONCE = 1_000
"""How many cases run at once is the business of who sends them."""


class CaseWorker:
    """Runs trials as they come, in one event loop, and gives back their results and spans.

    Recording in this process goes into what is given back, and nowhere else.
    """

    def __init__(self, job: Job, dumps: Dumps, loads: Loads) -> None:
        self._job = job
        self._dumps = dumps
        self._loads = loads
        self._spans = GatheredSpans()
        self._attempts: list[HttpAttempt] = []
        self._plan: Plan | None = None
        RECORDING.switch_on(self._spans, job.settings)
        self._heard = self._attempts.append
        HTTP_ATTEMPTS.add(self._heard)

    def close(self) -> None:
        """Record no more."""
        HTTP_ATTEMPTS.remove(self._heard)
        RECORDING.switch_off()

    async def run(self, trial: Trial) -> Outcome:
        """What came of a trial."""
        plan = self._plan = self._plan or self._planned()
        result = await run_trial(plan, trial, lambda _metrics: True)
        attempts = tuple(self._attempts)
        del self._attempts[: len(attempts)]
        return Outcome(
            result=portable(result, self._dumps, self._loads), bundle=self._spans.take(), attempts=attempts
        )

    def _planned(self) -> Plan:
        options, job = self._job.options, self._job
        panel = Panel.of(options.scores, options.classifiers)
        parameters = read_parameters(options.parameters, options.parameter_values)
        live = partial(CaseTrace.live, row_of=job.row_of, experiment_id=job.experiment.id)
        return Plan(
            task=prepare_task(options.task),
            panels=Panels(panel, (tuple(options.scores), tuple(options.classifiers))),
            spans=job.spans(),
            workers=Workers(asyncio.get_running_loop()),
            pace=Pace(),
            limit=Limit(_MOST_AT_ONCE),
            hooks=hooks_of(options, parameters),
            judge_limit=judge_limit_of(options),
            case_timeout_s=options.case_timeout_s,
            retries=options.retries,
            error_score_handler=options.error_score_handler,
            trace_of=lambda collected, trace_id: live(collected, trace_id=trace_id),
            collects=job.collects,
            cluster_of=cluster_of(options),
        )
