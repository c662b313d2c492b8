"""A worker in this process: its results, spans and attempts."""

import pickle
from typing import Any

import pytest

from spanscore._config import Settings
from spanscore._json import to_json
from spanscore.evals import EvalCase, EvalOptions
from spanscore.evals._trials import Trial
from spanscore.evals.distributed import CaseWorker, Job
from spanscore.evals.distributed._gathered import Bundle
from spanscore.tracing import start_span
from spanscore.wire.http_attempts import HTTP_ATTEMPTS, HttpAttempt
from spanscore.wire.records import FinishedSpan
from spanscore.wire.seams import ExperimentRef

pytestmark = pytest.mark.core

REF = ExperimentRef(id="e", name="n", project_id="p", project="bot", created_ns=1)


def task(value: int) -> int:
    HTTP_ATTEMPTS.publish(HttpAttempt(host="h", status=429, headers={"retry-after": "1"}))
    with start_span("inside"):
        return 10 // value


def exact(output: int, expected: int) -> bool:
    return output == expected


def row_of(span: Any) -> Any:
    return span


def trial(number: int, value: int) -> Trial:
    return Trial(number, EvalCase(value, 10), to_json(value), f"{number:032x}", 0)


def names(bundle: Bundle) -> list[str]:
    return [record.name for record in bundle.records() if isinstance(record, FinishedSpan)]


async def test_it_gives_back_results_with_their_spans_and_how_providers_answered() -> None:
    options = EvalOptions(project="bot", data=(), task=task, scores=[exact])
    job = Job(
        options=options,
        settings=Settings.from_env(),
        experiment=REF,
        marks={},
        links=(),
        row_of=row_of,
        collects=False,
    )
    worker = CaseWorker(job, pickle.dumps, pickle.loads)
    good, bad = await worker.run(trial(0, 1)), await worker.run(trial(1, 0))
    worker.close()
    assert (good.result.output, dict(good.result.scores), good.result.error) == (10, {"exact": 1.0}, None)
    assert names(good.bundle) == ["inside", "task", "exact", "eval"]
    assert (type(bad.result.error), names(bad.bundle)) == (ZeroDivisionError, ["inside", "task", "eval"])
    assert [attempt.status for attempt in good.attempts + bad.attempts] == [429, 429]
    parents = {
        record.attributes["braintrust.parent"]
        for record in good.bundle.records()
        if isinstance(record, FinishedSpan)
    }
    assert parents == {"experiment_id:e"}
