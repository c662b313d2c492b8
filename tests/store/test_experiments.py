"""Experiments: names, finding them again."""

import pytest

from spanscore.errors import NotFoundError
from spanscore.store import SqliteStore
from spanscore.store._experiments import experiment_rules
from spanscore.wire.seams import ExperimentRef, ExperimentRequest

pytestmark = pytest.mark.core


def register(store: SqliteStore, project: str, name: str | None = None, **more: object) -> ExperimentRef:
    return store.register_experiment(ExperimentRequest(project=project, name=name, **more))  # pyright: ignore[reportArgumentType]


def test_the_reference_is_found_again(store: SqliteStore) -> None:
    ref = register(store, "p", "first try")
    assert (ref.name, ref.project) == ("first try", "p")
    assert [store.find_experiment(each) for each in (ref.id, ref.id[:8], "first try", "p/first try")] == [
        ref
    ] * 4
    assert (
        store.find_experiment("first try", project="p") == store.find_experiment(ref.id, project="p") == ref
    )
    assert store.projects() == ["p"]


def test_names_that_are_chosen(store: SqliteStore) -> None:
    register(store, "p", "experiment-2")
    assert [register(store, "p").name for _each in range(2)] == ["experiment-3", "experiment-4"]
    assert register(store, "q").name == "experiment-1"


def test_a_taken_name_gets_a_suffix(store: SqliteStore) -> None:
    first, second = (register(store, "p", "n") for _each in range(2))
    assert first.name == "n"
    assert second.name[:2] == "n-"
    assert len(second.name) == 10
    assert register(store, "q", "n").name == "n"


def test_update_adds_to_the_existing_experiment(store: SqliteStore) -> None:
    first = register(store, "p", "n", scorers=("a", "b"), update=True)
    assert register(store, "p", "n", scorers=("b", "c"), update=True) == first
    assert store._connection is not None
    assert experiment_rules(store._connection, first.id) == (["a", "b", "c"], "zero")


def test_ambiguous_and_unknown_references(store: SqliteStore) -> None:
    first, second = register(store, "p", "n"), register(store, "q", "n")
    with pytest.raises(NotFoundError) as ambiguous:
        store.find_experiment("n")
    assert str(ambiguous.value) == (
        f"'n' fits several experiments: q/n ({second.id}), p/n ({first.id}); give an id or PROJECT/NAME"
    )
    assert store.find_experiment("n", project="q") == second
    with pytest.raises(NotFoundError) as unknown:
        store.find_experiment("m", project="p")
    assert str(unknown.value) == "no experiment 'm' in project 'p'; the newest are p/n"
    with pytest.raises(NotFoundError):
        store.find_experiment(first.id[:7])


def test_slashes_in_names(store: SqliteStore) -> None:
    ref = register(store, "a/b", "c/d")
    assert store.find_experiment("a/b/c/d") == ref
    assert store.permalink(ref) == "spanscore experiments show a/b/c/d"


def test_hostile_metadata_is_no_obstacle(store: SqliteStore) -> None:
    ref = register(store, "p", "n", metadata={"f": float("nan"), "o": object(), "s": "\ud800"}, tags=["t"])
    assert store.find_experiment("n") == ref
