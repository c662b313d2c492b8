"""Sums by SQL say what the values one by one do."""

import random
from dataclasses import asdict, replace
from typing import Any

import pytest

from experiment_runs import case, run
from spanscore.store import SqliteStore
from spanscore.store._figures import lay_out, lay_out_metrics
from spanscore.store._samples import (
    Figure,
    _difference_one_by_one,
    _estimate_one_by_one,
    difference,
    estimate,
)

pytestmark = pytest.mark.core

SCORE = Figure(name="s", limits=(0.0, 1.0))
DURATION = Figure(name="duration", is_metric=True)
TOKENS = Figure(name="tokens", is_metric=True)


def cases(seed: int, *, is_binary: bool = False, most_trials: int = 1, **more: Any) -> list[dict[str, Any]]:
    chance = random.Random(seed)

    def value() -> float:
        return float(chance.random() < 0.7) if is_binary else chance.choice([0.1, 0.3, 0.5, chance.random()])

    return [
        case(f"q{number}", scores={"s": value()}, trial=trial, seconds=1 + chance.random(), tokens=5, **more)
        for number in range(60)
        for trial in range(chance.randint(1, most_trials))
    ]


def close(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: close(each) for key, each in value.items()}
    return round(value, 9) + 0.0 if isinstance(value, float) else value


@pytest.mark.parametrize("is_binary", [False, True])
@pytest.mark.parametrize("most_trials", [1, 3])
def test_both_ways_agree(store: SqliteStore, is_binary: bool, most_trials: int) -> None:
    before = run(store, *cases(1, is_binary=is_binary, most_trials=most_trials))
    after = run(store, *cases(2, is_binary=is_binary, most_trials=most_trials))
    with store._reading() as connection:
        sides = lay_out(connection, after, before)
        lay_out_metrics(connection, sides)
        assert not sides.has_clusters
        for figure, near in ((SCORE, 0.4), (DURATION, 1.5), (TOKENS, 5.0)):
            summed = estimate(connection, figure, near)
            assert close(asdict(summed)) == close(asdict(_estimate_one_by_one(connection, figure)))
            found = difference(connection, figure)
            limits = None if figure.limits is None else (-1.0, 1.0)
            one_by_one = _difference_one_by_one(connection, figure, limits)
            assert found is not None
            assert one_by_one is not None
            assert found.comparison is not None
            assert found.comparison.test == (
                "mcnemar" if is_binary and most_trials == 1 and figure is SCORE else "t"
            )
            assert close(asdict(found)) == close(asdict(one_by_one))


def test_clusters_are_read_one_by_one(store: SqliteStore) -> None:
    ref = run(store, *cases(1, cluster="all one text"))
    with store._reading() as connection:
        sides = lay_out(connection, ref, None)
        assert sides.has_clusters
        clustered = replace(SCORE, is_clustered=sides.has_clusters)
        assert estimate(connection, clustered, 0.4).clusters == 1
        assert difference(connection, clustered) is None


def test_equal_values_have_no_spread_at_all(store: SqliteStore) -> None:
    ref = run(store, *(case(number, scores={"s": 0.7}) for number in range(40)))
    (score,) = store.summarize_experiment(ref.id, baseline=ref.id).scores.values()
    assert (score.standard_deviation, score.standard_error) == (0.0, 0.0)
    assert score.interval is not None
    assert (score.interval.low, score.interval.high, score.mean) == pytest.approx((0.7, 0.7, 0.7))
