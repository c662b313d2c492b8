"""Experiments: names, finding them again."""

import pytest

from finished_spans import CaseSpans
from spanscore._json import from_json
from spanscore.errors import NotFoundError
from spanscore.store import SqliteStore
from spanscore.store._experiments import experiment_rules
from spanscore.wire.repo import RepoInfo
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


def test_an_id_of_another_backend_is_kept(store: SqliteStore) -> None:
    ref = register(store, "p", "n", id="e-7", scorers=("a",))
    assert (ref.id, ref.name) == ("e-7", "n")
    assert register(store, "p", "other", id="e-7", scorers=("b",)) == ref
    assert store._connection is not None
    assert experiment_rules(store._connection, "e-7") == (["a", "b"], "zero")
    assert register(store, "p", "n", id="e-8").name[:2] == "n-"


def test_the_id_of_a_project_goes_before_its_name(store: SqliteStore) -> None:
    first = register(store, "p", project_id="p-1")
    assert (first.project_id, first.project) == ("p-1", "p")
    assert register(store, "anything", project_id="p-1").project == "p"
    assert register(store, "p").project_id == "p-1"
    nameless = register(store, "", project_id="p-2")
    assert (nameless.project_id, nameless.project) == ("p-2", "p-2")
    assert store.find_experiment(nameless.id) == nameless
    assert register(store, "p", project_id="id elsewhere").project_id == "p-1"


def test_everything_asked_for_is_kept(store: SqliteStore) -> None:
    repo = RepoInfo(commit="abc", dirty=True, git_diff="-a")
    ref = register(
        store, "p", is_public=True, repo_info=repo, dataset_id="d", dataset_version="7", partial="first 10"
    )
    columns = "is_public, repo_info, commit_id, dataset_id, dataset_version, baseline_id, partial"
    assert store._connection is not None
    found = store._connection.execute(f"SELECT {columns} FROM experiments WHERE id = ?", (ref.id,)).fetchone()
    assert (found[0], RepoInfo(**from_json(found[1])), *found[2:]) == (
        True,
        repo,
        "abc",
        "d",
        "7",
        None,
        "first 10",
    )


def begun(
    store: SqliteStore, *, name: str | None = None, commit: str | None = None, **more: object
) -> ExperimentRef:
    """An experiment with one case."""
    ref = register(store, "p", name, repo_info=None if commit is None else RepoInfo(commit=commit), **more)
    store.deliver(CaseSpans(ref.id).case("a"))
    return ref


def baseline(store: SqliteStore, ref: ExperimentRef) -> str | None:
    return store.summarize_experiment(ref.id, baseline=None).baseline


def test_the_baseline_is_the_newest_experiment_at_the_nearest_commit(store: SqliteStore) -> None:
    begun(store, commit="c1", name="c1 old")
    begun(store, commit="c1", name="c1 new")
    begun(store, commit="c0", name="c0")
    begun(store, commit="c2", name="c2 partial", partial="first 2")
    register(store, "p", "c2 empty", repo_info=RepoInfo(commit="c2"))
    begun(store, name="without git")
    ref = begun(store, commit="c3", ancestor_commits=("c2", "c1", "c0"))
    assert baseline(store, ref) == "c1 new"
    assert baseline(store, begun(store, ancestor_commits=("elsewhere",), name="last")) == ref.name


def test_a_partial_run_is_nobodys_baseline_unless_it_is_named(store: SqliteStore) -> None:
    whole = begun(store, name="whole")
    part = begun(store, name="part", partial="first 2")
    assert baseline(store, part) == "whole"
    assert baseline(store, begun(store)) == "whole"
    assert baseline(store, begun(store, baseline="part", ancestor_commits=("c1",))) == "part"
    assert baseline(store, begun(store, baseline=whole.id)) == "whole"
    assert store.summarize_experiment(part.id, baseline=None).partial == "first 2"


def test_a_named_baseline_must_be_there_before_anything_runs(store: SqliteStore) -> None:
    begun(store, name="one")
    with pytest.raises(NotFoundError, match="no experiment 'two' in project 'p'; the newest are p/one"):
        begun(store, baseline="two")
    assert len(store.experiments()) == 1


def test_a_baseline_that_was_deleted_is_followed_by_the_latest(store: SqliteStore) -> None:
    begun(store, name="one")
    begun(store, name="two")
    ref = begun(store, baseline="two")
    store.delete_experiment("p/two")
    assert baseline(store, ref) == "one"


def test_adding_to_an_experiment_may_name_another_baseline(store: SqliteStore) -> None:
    begun(store, name="one")
    begun(store, name="two")
    ref = begun(store, name="three")
    assert register(store, "p", "three", update=True, baseline="one") == ref
    assert baseline(store, ref) == "one"


def test_a_run_that_has_not_said_its_end_is_partial_and_nobodys_baseline(store: SqliteStore) -> None:
    begun(store, name="whole", commit="c0")
    running = begun(store, name="running", commit="c1", says_its_end=True)
    assert partial_of(store, running) == "its run has not ended"
    after = begun(store, name="after", ancestor_commits=("c1", "c0"))
    assert baseline(store, after) == "whole"
    assert baseline(store, begun(store, name="no git")) == "after"
    store.end_run(running.id)
    assert partial_of(store, running) is None
    assert baseline(store, begun(store, ancestor_commits=("c1", "c0"))) == "running"


def test_one_that_is_gone_on_with_has_to_end_again(store: SqliteStore) -> None:
    ref = begun(store, name="part", partial="the first 2", says_its_end=True)
    assert partial_of(store, ref) == "the first 2; its run has not ended"
    store.mark_partial(ref.id, "ended by ValueError")
    assert partial_of(store, ref) == "the first 2; ended by ValueError"
    assert register(store, "p", "part", update=True, says_its_end=True) == ref
    assert partial_of(store, ref) == "the first 2; ended by ValueError; its run has not ended"
    store.mark_partial(ref.id, None)
    assert partial_of(store, ref) is None


def partial_of(store: SqliteStore, ref: ExperimentRef) -> str | None:
    """As a summary and a list tell it, which is the same."""
    (listed,) = (each.partial for each in store.experiments() if each.ref == ref)
    assert listed == store.summarize_experiment(ref.id, baseline=ref.id).partial
    return listed


def test_scores_of_a_whole_experiment_are_kept_with_it(store: SqliteStore) -> None:
    before, ref = begun(store, name="before"), begun(store, name="now")
    store.keep_summary_scores(before.id, {"f1": 0.5, "gone": 1.0})
    store.keep_summary_scores(ref.id, {"old": 0.1})
    store.keep_summary_scores(ref.id, {"recall": 0.75, "f1": 0.25, "skipped": None})
    scores = store.summarize_experiment(ref.id, baseline=None).scores
    assert {name: (each.mean, each.diff, each.scored, each.skipped) for name, each in scores.items()} == {
        "recall": (0.75, None, 1, 0),
        "f1": (0.25, -0.25, 1, 0),
        "skipped": (None, None, 0, 1),
    }
    found = scores["f1"].difference
    assert found is not None
    assert (found.baseline_mean, found.pairs, found.test, found.verdict) == (0.5, 0, None, "no evidence")
    (listed, _earlier) = store.experiments()
    assert listed.means == {"recall": 0.75, "f1": 0.25, "skipped": None}
    store.delete_experiment("now")
    assert store._connection is not None
    kept = store._connection.execute("SELECT DISTINCT experiment_id FROM summary_scores").fetchall()
    assert kept == [(before.id,)]
