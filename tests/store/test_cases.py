"""Cases of an experiment, read back."""

import pytest

from experiment_runs import case, run
from spanscore.errors import NotFoundError
from spanscore.store import SqliteStore, _cases
from spanscore.wire.datasets import ExperimentCase
from spanscore.wire.seams import ExperimentRef

pytestmark = pytest.mark.core


def names(store: SqliteStore, ref: ExperimentRef) -> list[object]:
    return [each.input for each in store.cases_of(ref.id)]


def test_a_case_comes_back_with_what_it_gave(store: SqliteStore) -> None:
    ref = run(store, case("why?", scores={"s": 1.0}))
    (found,) = store.cases_of(ref.id)
    assert found == ExperimentCase(
        id=found.id,
        input="why?",
        xact_id=found.xact_id,
        created=found.created,
        root_span_id=found.root_span_id,
        metadata=found.metadata,
        output=found.output,
    )


def test_only_roots_count_and_memory_holds_a_portion(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_cases, "_PORTION", 2)
    ref = run(store, *(case(f"q{number}", scores={"s": 1.0}) for number in range(5)))
    assert names(store, ref) == [f"q{number}" for number in range(5)]


def test_an_unknown_experiment(store: SqliteStore) -> None:
    with pytest.raises(NotFoundError, match="the store has no experiment nope"):
        next(store.cases_of("nope"))


def test_the_base_is_the_one_named_or_the_baseline(store: SqliteStore) -> None:
    first = run(store, case("q"))
    second = run(store, case("q"))
    third = run(store)
    assert store.base_experiment(third.id) == second
    assert store.base_experiment(third.id, first.name) == first
    assert store.base_experiment(first.id) is None
    with pytest.raises(NotFoundError, match="no experiment 'nope' in project 'p'"):
        store.base_experiment(third.id, "nope")
