"""Several trials of one input."""

import itertools
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore.statistics import RunningTrials, TrialFigures, pass_at_k, pass_hat_k

pytestmark = pytest.mark.core


@given(st.lists(st.booleans(), min_size=1, max_size=7), st.data())
def test_both_are_shares_of_all_choices(trials: list[bool], data: st.DataObject) -> None:
    k = data.draw(st.integers(1, len(trials)))
    chosen = list(itertools.combinations(trials, k))
    assert pass_at_k(len(trials), sum(trials), k) == pytest.approx(sum(map(any, chosen)) / len(chosen))
    assert pass_hat_k(len(trials), sum(trials), k) == pytest.approx(sum(map(all, chosen)) / len(chosen))


def figures(k: int, *inputs: list[float]) -> TrialFigures:
    trials = RunningTrials(k)
    for values in inputs:
        squares = sum(value * value for value in values)
        is_binary = all(value in (0.0, 1.0) for value in values)
        trials.add(len(values), total=sum(values), squares=squares, is_binary=is_binary)
    return trials.figures()


def test_means_over_inputs() -> None:
    found = figures(2, [1.0, 0.0], [1.0, 1.0], [0.0, 0.0], [1.0, 1.0, 0.0])
    within = ((0.5 + 2 / 3) / 5) ** 0.5
    assert (found.k, found.pass_at_k) == (2, 0.75)
    assert (found.pass_hat_k, found.deviation_within) == (
        pytest.approx((1 + 1 / 3) / 4),
        pytest.approx(within),
    )


def test_graded_scores_pass_nothing() -> None:
    found = figures(2, [0.25, 0.5], [1.0, 0.0])
    within = (statistics.variance([0.25, 0.5]) + statistics.variance([1.0, 0.0])) / 2
    assert (found.k, found.pass_at_k, found.pass_hat_k) == (2, None, None)
    assert found.deviation_within == pytest.approx(within**0.5)


def test_single_trials_have_no_spread() -> None:
    assert figures(1, [1.0], [0.0]) == TrialFigures(
        k=1, pass_at_k=0.5, pass_hat_k=0.5, deviation_within=None, per_input=1.0
    )
