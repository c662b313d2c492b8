"""Scores: what trials say, and which figures there are under each error rule."""

import math

import pytest

from experiment_runs import case, run
from spanscore.store import SqliteStore
from spanscore.wire.summaries import Trials

pytestmark = pytest.mark.core


def test_trials_of_an_input_are_one_cluster_and_tell_how_often_it_passes(store: SqliteStore) -> None:
    outcomes = {"a": (1.0, 0.0), "b": (1.0, 1.0), "c": (0.0, 0.0, 0.0)}
    ref = run(
        store,
        *(
            case(question, scores={"s": value}, trial=trial)
            for question, values in outcomes.items()
            for trial, value in enumerate(values)
        ),
    )
    (score,) = store.summarize_experiment(ref.id, baseline=None).scores.values()
    assert (score.clusters, score.trials) == (
        3,
        Trials(k=2, pass_at_k=2 / 3, pass_hat_k=1 / 3, deviation_within=math.sqrt(0.5 / 4), per_input=7 / 3),
    )
    assert score.interval is not None
    assert score.interval.method == "wilson"


def test_without_trials_nothing_is_said_of_them(store: SqliteStore) -> None:
    ref = run(store, *(case(number, scores={"s": float(number % 2)}) for number in range(10)))
    (score,) = store.summarize_experiment(ref.id, baseline=None).scores.values()
    assert (score.clusters, score.trials) == (None, None)


@pytest.mark.parametrize(("errors", "figures"), [("zero", 4), ("exclude", 4), ("fail", 0)])
def test_without_a_mean_there_is_no_spread(store: SqliteStore, errors: str, figures: int) -> None:
    cases = [case("a", scores={"s": 0.5}), case("b", scores={"s": 0.25}), case("c", is_failed=True)]
    ref = run(store, *cases, errors=errors)
    (score,) = store.summarize_experiment(ref.id, baseline=None).scores.values()
    found = (score.mean, score.standard_deviation, score.standard_error, score.interval)
    assert sum(each is not None for each in found) == figures
