from dataclasses import replace
from typing import Any

import pytest

from spanscore.evals._eval_spans import EvalSpans
from spanscore.evals._hooks import SharedHooks
from spanscore.evals._judge import Panel, Panels
from spanscore.evals._limit import Limit
from spanscore.evals._pace import Pace
from spanscore.evals._plan import Plan
from spanscore.evals._task import prepare_task

pytestmark = pytest.mark.core


def test_calls_share_a_thread_unless_each_has_a_limit_of_its_own() -> None:
    workers: Any = None
    plan = Plan(
        task=prepare_task(len),
        panels=Panels(Panel.of([]), ((), ())),
        spans=EvalSpans.silent(),
        workers=workers,
        pace=Pace(),
        limit=Limit(1),
        hooks=SharedHooks(),
    )
    assert plan.one_hop
    assert not replace(plan, case_timeout_s=1.0).one_hop
    assert not replace(plan, judge_limit=Limit(1)).one_hop
