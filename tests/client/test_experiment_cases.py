"""The cases of an experiment that an account has."""

from typing import Any

import pytest

from spanscore.client.experiment_cases import cases_in
from spanscore.wire.datasets import ExperimentCase

pytestmark = pytest.mark.core


def row(id: str, *, trial: int | None = None, attempt: int = 1, **fields: Any) -> dict[str, Any]:
    about = {} if trial is None else {"case_key": "k", "trial_index": trial, "attempt": attempt}
    told = {"metadata": about, "input": "q", "span_id": id, "root_span_id": "t", "metrics": {"end": 2.0}}
    return {"id": id, "is_root": True, **told, **fields}


def ids(*rows: dict[str, Any]) -> list[str]:
    return [case.id for case in cases_in(rows)]


def test_a_root_row_is_a_case() -> None:
    given = row("a", output=2, expected=None, tags=["t"], _xact_id="7", created="then", metadata={"level": 3})
    expected = ExperimentCase(
        id="a",
        input="q",
        output=2,
        tags=("t",),
        metadata={"level": 3},
        xact_id="7",
        created="then",
        root_span_id="t",
    )
    assert list(cases_in([given])) == [expected]


def test_spans_below_and_unfinished_roots_are_none() -> None:
    below = row("task", is_root=False)
    of_another_service = {**row("below", span_parents=["a"]), "is_root": None}
    unfinished = row("open", metrics=None)
    assert ids(below, of_another_service, unfinished, row("a")) == ["a"]


@pytest.mark.parametrize(
    "says", [{"span_parents": None}, {"span_parents": ["x"], "root_span_id": "a"}, {"span_parents": []}]
)
def test_a_root_is_known_by_what_the_service_tells(says: dict[str, Any]) -> None:
    assert ids({**row("a"), "is_root": None, **says}) == ["a"]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_trial_that_was_tried_again_is_the_last_attempt(order: tuple[int, int]) -> None:
    tries = [row("first", trial=0, error="boom"), row("second", trial=0, attempt=2, output=1)]
    assert ids(*(tries[number] for number in order)) == ["second"]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_failed_attempts_the_newest_counts(order: tuple[int, int]) -> None:
    tries = [row("first", trial=0, error="boom"), row("second", trial=0, attempt=2, error="boom")]
    assert ids(*(tries[number] for number in order), row("other", trial=1)) == ["other", "second"]


def test_cases_without_numbers_are_all_taken() -> None:
    assert ids(row("a"), row("b", error="boom", metrics=None), row("c", output=1, metrics=None)) == [
        "a",
        "b",
        "c",
    ]
