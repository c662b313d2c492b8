from dataclasses import replace
from pathlib import Path

import pytest

from finished_spans import CaseSpans
from spanscore.evals.reporters._case_report import CaseReport, case_of_result, case_of_trace
from spanscore.store import SqliteStore
from spanscore.wire.seams import ExperimentRequest
from told_evals import CASE, TRACE

pytestmark = pytest.mark.core


def test_the_report_of_a_result() -> None:
    errors = {"judge": KeyError("k")}
    failed = replace(CASE, error=ValueError("a\nb"), scorer_errors=errors, scores={"e": True})
    assert case_of_result(failed) == CaseReport(
        input="Ada",
        expected="Hi Ada",
        output="Dear Ada",
        error="ValueError: a",
        scores={"e": 1.0},
        scorer_errors={"judge": "KeyError: 'k'"},
        tags=("short",),
        trial_index=0,
        trace_id=TRACE,
        duration_s=0.125,
    )


def test_what_is_failed_and_the_mean_score() -> None:
    assert [case_of_result(CASE).is_failed, case_of_result(CASE).mean_score] == [False, 0.25]
    assert case_of_result(replace(CASE, scores={"exact": None})).mean_score is None
    assert case_of_result(replace(CASE, scorer_errors={"judge": KeyError()})).is_failed


def test_the_report_of_stored_traces(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "spanscore.db")
    ref = store.register_experiment(ExperimentRequest(project="p"))
    spans = CaseSpans(ref.id)
    store.deliver(
        [
            *spans.case("a", {"exact": 0.5, "judge": ValueError("no"), "brief": None}, trial=1, tokens=3),
            *spans.case("b", is_failed=True),
        ]
    )
    found = [case_of_trace(rows) for rows in store.finished_traces(ref.id)]
    assert found == [
        CaseReport(
            input="a",
            expected=None,
            output=None,
            error=None,
            scores={"exact": 0.5, "brief": None},
            scorer_errors={"judge": found[0].scorer_errors["judge"]},
            tags=[],
            trial_index=1,
            trace_id=found[0].trace_id,
            duration_s=1.0,
        ),
        CaseReport(
            input="b",
            expected=None,
            output=None,
            error="boom",
            scores={},
            scorer_errors={},
            tags=[],
            trial_index=0,
            trace_id=found[1].trace_id,
            duration_s=1.0,
        ),
    ]
