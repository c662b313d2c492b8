"""Differences from the baseline: which cases are matched, clusters, several scores at once."""

from typing import Any

import pytest

from experiment_runs import case, run
from spanscore.statistics import standard_error
from spanscore.store import SqliteStore

pytestmark = pytest.mark.core

BOOM = ValueError("boom")


def test_cases_with_a_cluster_key_are_not_independent(store: SqliteStore) -> None:
    """Ten questions on two texts say what two do."""

    def cases(of_text: dict[str, float]) -> list[dict[str, Any]]:
        return [
            case(f"{text} {number}", cluster=text, scores={"s": value})
            for text, value in of_text.items()
            for number in range(5)
        ]

    run(store, *cases({"x": 0.5, "y": 0.5}))
    ref = run(store, *cases({"x": 0.25, "y": 0.75}))
    (score,) = store.summarize_experiment(ref.id, baseline=None).scores.values()
    assert (score.clusters, score.standard_error) == (2, pytest.approx(standard_error([0.25, 0.75])))
    assert score.difference is not None
    assert (score.difference.pairs, score.difference.test) == (10, "bootstrap")
    assert (score.difference.standard_error, score.difference.p_value) == (pytest.approx(0.25), 1.0)


def test_verdicts_are_adjusted_for_being_several(store: SqliteStore) -> None:
    before = {f"s{number}": 0.0 for number in range(4)}
    after = {**before, "s0": 1.0, "s1": 1.0}
    run(store, *(case(number, scores=before) for number in range(8)))
    ref = run(
        store,
        *(case(number, scores={**after, "s1": after["s1"] * (number < 6)}) for number in range(8)),
    )
    summary = store.summarize_experiment(ref.id, baseline=None)
    found = {name: each.difference for name, each in summary.scores.items()}
    assert {
        name: (round(each.p_value or 0, 9), round(each.adjusted_p or 0, 9), each.verdict, each.ties)
        for name, each in found.items()
        if each
    } == {
        "s0": (0.0078125, 0.03125, "better", 0),
        "s1": (0.03125, 0.09375, "no evidence", 2),
        "s2": (1.0, 1.0, "no evidence", 8),
        "s3": (1.0, 1.0, "no evidence", 8),
    }


def test_differences_within_rounding_are_none(store: SqliteStore) -> None:
    run(store, *(case("a", scores={"s": value}, trial=trial) for trial, value in enumerate((0.1, 0.2, 0.3))))
    ref = run(store, case("a", scores={"s": 0.2}))
    (score,) = store.summarize_experiment(ref.id, baseline=None).scores.values()
    assert score.difference is not None
    assert (score.difference.improvements, score.difference.regressions) == (0, 0)


def test_the_rule_exclude_leaves_inputs_out_that_failed_on_either_side(store: SqliteStore) -> None:
    run(store, case("a", is_failed=True), case("b", scores={"s": 0.5}), case("c", scores={"s": 0.5}))
    now = (case("a", scores={"s": 1.0}), case("b", is_failed=True), case("c", scores={"s": 0.75}))
    ref = run(store, *now, errors="exclude")
    (score,) = store.summarize_experiment(ref.id, baseline=None).scores.values()
    assert score.difference is not None
    assert (score.difference.pairs, score.difference.difference) == (1, 0.25)


def test_the_rule_fail_gives_no_difference_when_either_side_failed(store: SqliteStore) -> None:
    run(store, case("a", is_failed=True), case("b", scores={"s": 0.5}))
    ref = run(store, case("a", scores={"s": 1.0}), case("b", scores={"s": 1.0}), errors="fail")
    (score,) = store.summarize_experiment(ref.id, baseline=None).scores.values()
    assert (score.mean, score.difference) == (1.0, None)


def test_a_score_that_the_baseline_never_gave_has_no_difference(store: SqliteStore) -> None:
    run(store, case("a", is_failed=True), case("b", scores={"old": 1.0}))
    ref = run(store, case("a", scores={"new": 1.0}), case("b", scores={"new": 1.0}))
    (score,) = store.summarize_experiment(ref.id, baseline=None).scores.values()
    assert (score.name, score.difference) == ("new", None)


def test_a_failed_baseline_knows_its_scores_from_the_experiment(store: SqliteStore) -> None:
    """Never a comparison over the survivors alone: the failed side counts as 0."""
    run(store, case("a", is_failed=True), case("b", scores={"judge": BOOM}), scorers=("judge",))
    judged = {"judge": {"kind": 1.0, "short": 0.5}}
    ref = run(store, case("a", scores=judged), case("b", scores=judged), scorers=("judge",))
    summary = store.summarize_experiment(ref.id, baseline=None)
    differences = {score.name: score.difference for score in summary.scores.values()}
    assert {
        name: (each.baseline_mean, each.mean, each.pairs) for name, each in differences.items() if each
    } == {
        "kind": (0.0, 1.0, 2),
        "short": (0.0, 0.5, 2),
    }


def test_cases_are_matched_by_key_and_else_by_input(store: SqliteStore) -> None:
    run(
        store,
        case({"x": 1, "y": 2}, scores={"s": 0.0}),
        case("renamed", key="k", scores={"s": 0.0}),
        case("b", scores={"s": 0.0}),
    )
    ref = run(
        store,
        case({"y": 2, "x": 1}, scores={"s": 1.0}),
        case("anew", key="k", scores={"s": 1.0}),
        case("c", scores={"s": 1.0}),
    )
    (score,) = store.summarize_experiment(ref.id, baseline=None).scores.values()
    assert score.difference is not None
    assert (score.difference.pairs, score.difference.improvements) == (2, 2)
