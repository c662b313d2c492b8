"""What an experiment has finished: the newest attempt at each trial, with what it was run with."""

import pytest
from opentelemetry.sdk.trace import ReadableSpan

from experiment_runs import begin
from finished_spans import CaseSpans, finished
from spanscore._json import to_json
from spanscore.errors import NotFoundError
from spanscore.store import SqliteStore
from spanscore.wire.trials import Fingerprints, FinishedTrial

pytestmark = pytest.mark.core

A, B = "a" * 32, "b" * 32


def trial(key: str, number: int | None, trace: int, **more: object) -> FinishedTrial:
    given: dict[str, object] = {
        "case_key": key,
        "trial": number,
        "attempt": 1,
        "is_error": False,
        "is_scorer_error": False,
        "lowest_score": None,
        "fingerprints": Fingerprints(),
        "trace_id": f"{trace:032x}",
    }
    return FinishedTrial(**{**given, **more})  # pyright: ignore[reportArgumentType]


def test_the_newest_attempt_at_each_trial_counts(store: SqliteStore) -> None:
    ref = begin(store, "exact", "judge")
    spans = CaseSpans(ref.id)
    store.deliver(
        [
            *spans.case("a", {"exact": 1, "judge": 0.25}, key=A),
            *spans.case("a", is_failed=True, key=A, trial=1),
            *spans.case("a", {"exact": ValueError()}, key=A, trial=1, attempt=2),
            *spans.case("b", {"exact": None}, key=B),
            *spans.case("b", is_failed=True, key=B, trial=1),
        ]
    )
    assert list(store.finished_trials(ref.id)) == [
        trial(A, 0, 1, lowest_score=0.25),
        trial(A, 1, 3, attempt=2, is_scorer_error=True),
        trial(B, 0, 4),
        trial(B, 1, 5, is_error=True),
    ]


def test_fingerprints_are_those_of_the_eval_span(store: SqliteStore) -> None:
    ref = begin(store)
    given = Fingerprints(task="1f", scorers={"exact": "2e"})
    store.deliver([eval_span(ref.id, {"case_key": A, "trial_index": 0, **given.as_metadata()})])
    assert [each.fingerprints for each in store.finished_trials(ref.id)] == [given]


def eval_span(experiment_id: str, metadata: dict[str, object]) -> ReadableSpan:
    attributes = {
        "braintrust.span_attributes": to_json({"type": "eval"}),
        "braintrust.metadata": to_json(metadata),
    }
    return finished(attributes, name="eval", parent=f"experiment_id:{experiment_id}")


def test_cases_of_other_programs_have_no_trial(store: SqliteStore) -> None:
    ref = begin(store)
    spans = CaseSpans(ref.id)
    store.deliver([*spans.case("a", key=A, trial=None), *spans.case("a", key=A, trial=None)])
    assert list(store.finished_trials(ref.id)) == [trial(A, None, 1), trial(A, None, 2)]


def test_a_trace_without_its_eval_span_is_not_finished(store: SqliteStore) -> None:
    ref = begin(store)
    store.deliver(CaseSpans(ref.id).case("a", {"exact": 1}, key=A)[:-1])
    assert list(store.finished_trials(ref.id)) == []
    assert list(store.finished_traces(ref.id)) == []


def test_traces_have_the_rows_of_the_experiment_the_eval_span_first(store: SqliteStore) -> None:
    ref = begin(store)
    spans = CaseSpans(ref.id)
    store.deliver([*spans.case("a", {"exact": 1}, key=A, tokens=5), *spans.case("b", key=B)])
    traces = [[row.name for row in rows] for rows in store.finished_traces(ref.id)]
    assert traces == [["eval", "exact", "call", "judge"], ["eval"]]


def test_an_unknown_experiment_is_an_error(store: SqliteStore) -> None:
    with pytest.raises(NotFoundError):
        list(store.finished_trials("00000000-0000-0000-0000-000000000000"))
