"""A trial that runs elsewhere: its result, or what kept it from running there."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from spanscore.errors import RemoteCaseError
from spanscore.evals import EvalOptions, SilentDisplay, run_eval
from spanscore.evals._attempts import run_trial
from spanscore.evals._limit import Limit
from spanscore.evals._trials import Trial
from spanscore.store import SqliteStore
from spanscore.testing import recorded_spans

pytestmark = pytest.mark.core


class Refusing:
    """Workers that run the even ones, in this process, and lose the others."""

    def __init__(self, plan: Any) -> None:
        # A worker has a limit of its own: that of the plan is held by who sends the case.
        self.plan = replace(plan, limit=Limit(10))
        self.is_closed = False

    async def run(self, trial: Trial) -> Any:
        if trial.case.input % 2:
            raise RemoteCaseError("three workers have died")
        return await run_trial(self.plan, trial, lambda _metrics: True)

    def close(self) -> None:
        self.is_closed = True


async def test_what_keeps_a_case_from_running_is_its_tasks_error(tmp_path: Path) -> None:
    made: list[Refusing] = []

    def elsewhere(_experiment: Any, plan: Any) -> Refusing:
        made.append(Refusing(plan))
        return made[0]

    options = EvalOptions(
        project="tests", data=[{"input": 0}, {"input": 1}], task=str, scores=(), max_concurrency=1
    )
    with recorded_spans() as recorded:
        result = await run_eval(
            options,
            backend=SqliteStore(tmp_path / "s.db"),
            commit=lambda: None,
            display=SilentDisplay(),
            elsewhere=elsewhere,
        )
    assert [each.output for each in result.results] == ["0", None]
    assert [str(error) for error in result.errors] == ["task: RemoteCaseError: three workers have died"]
    assert [span.name for span in recorded.spans] == ["task", "eval", "task", "eval"]
    assert made[0].is_closed
