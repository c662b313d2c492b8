import math
import statistics
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore.statistics import (
    Bounds,
    Comparison,
    PairedDifference,
    RunningPairs,
    paired_difference,
    verdict,
)

pytestmark = pytest.mark.core

pairs_of_scores = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2)


def test_no_pairs() -> None:
    assert paired_difference([]) is None


def test_one_pair_has_no_standard_error() -> None:
    assert paired_difference([(0.25, 1.0)]) == PairedDifference(
        baseline_mean=0.25,
        mean=1.0,
        difference=0.75,
        standard_error=None,
        pairs=1,
        clusters=1,
        improvements=1,
        regressions=0,
        ties=0,
        comparison=None,
    )


def test_ups_and_downs_are_counted() -> None:
    assert paired_difference([(0.0, 1.0), (1.0, 0.0), (0.5, 0.5), (0.0, 0.5)]) == PairedDifference(
        baseline_mean=0.375,
        mean=0.5,
        difference=0.125,
        standard_error=statistics.stdev([1.0, -1.0, 0.0, 0.5]) / 2,
        pairs=4,
        clusters=4,
        improvements=2,
        regressions=1,
        ties=1,
        comparison=Comparison(test="bootstrap", p_value=1.0, interval=None, smallest_detectable=None),
    )


def test_which_test() -> None:
    tests = {
        "mcnemar": [(0.0, 1.0), (1.0, 1.0)] * 40,
        "t": [(0.0, 0.5), (0.5, 0.25)] * 15,
        "bootstrap": [(0.0, 0.5), (0.5, 0.25)] * 14,
    }
    for test, pairs in tests.items():
        found = paired_difference(pairs)
        assert found is not None
        assert found.comparison is not None
        assert found.comparison.test == test


def compared(pairs: list[tuple[float, float]], **more: Any) -> Comparison:
    running = RunningPairs()
    for number, (baseline, value) in enumerate(pairs):
        running.add(baseline, value, **{name: of(number) for name, of in more.items()})
    found = running.difference()
    assert found is not None
    assert found.comparison is not None
    return found.comparison


def test_zeros_and_ones_that_are_means_of_trials_or_in_clusters_are_not_for_mcnemar() -> None:
    pairs = [(0.0, 1.0), (1.0, 1.0), (1.0, 0.0)] * 20
    assert compared(pairs).test == "mcnemar"
    assert compared(pairs, is_repeated=lambda number: number == 7).test == "t"
    assert compared(pairs, cluster=lambda number: number // 2).test == "t"
    assert compared(pairs, cluster=lambda number: number // 3).test == "bootstrap"


def test_clusters_widen_what_goes_together() -> None:
    pairs = [(0.2, 0.2 + 0.05 * (number // 5 % 3)) for number in range(300)]
    alone, together = compared(pairs), compared(pairs, cluster=lambda number: number // 5)
    assert alone.interval is not None
    assert together.interval is not None
    ratio = (together.interval.high - together.interval.low) / (alone.interval.high - alone.interval.low)
    assert ratio == pytest.approx(5**0.5, rel=0.03)


def test_as_scipy_has_it() -> None:
    stats = pytest.importorskip("scipy.stats")
    before = [math.sin(number) / 3 + 0.5 for number in range(64)]
    after = [value + math.cos(7 * number) / 5 + 0.03 for number, value in enumerate(before)]
    expected = stats.ttest_rel(after, before)
    found = compared(list(zip(before, after, strict=True)))
    assert found.p_value == pytest.approx(expected.pvalue)
    assert found.interval is not None
    bounds = expected.confidence_interval(0.95)
    assert (found.interval.low, found.interval.high) == pytest.approx((bounds.low, bounds.high))


def test_a_shift_that_is_everywhere_the_same_is_certain() -> None:
    found = compared([(0.5, 0.75)] * 40)
    assert (found.p_value, found.interval) == (0.0, Bounds(low=0.25, high=0.25, method="t"))


def test_the_interval_stays_within_its_limits() -> None:
    running = RunningPairs(limits=(-1.0, 1.0))
    for number in range(30):
        running.add(0.0 if number else 0.9, 1.0)
    found = running.difference()
    assert found is not None
    assert found.comparison is not None
    assert found.comparison.interval is not None
    assert found.comparison.interval.high == 1.0


@given(st.lists(st.sampled_from([0.0, 0.3, 1.0]) | st.floats(0, 1), min_size=2, max_size=60))
def test_a_run_compared_with_itself_shows_no_difference(values: list[float]) -> None:
    found = paired_difference([(value, value) for value in values])
    assert found is not None
    assert found.comparison is not None
    assert (found.difference, found.ties, found.comparison.p_value) == (0.0, len(values), 1.0)
    assert verdict(found.difference, found.comparison.p_value) == "no evidence"


@given(pairs_of_scores)
def test_the_standard_error_is_that_of_the_differences(pairs: list[tuple[float, float]]) -> None:
    found = paired_difference(pairs)
    assert found is not None
    differences = [new - old for old, new in pairs]
    assert found.difference == pytest.approx(statistics.fmean(differences), abs=1e-12)
    assert found.difference == pytest.approx(found.mean - found.baseline_mean, abs=1e-12)
    assert found.standard_error == pytest.approx(statistics.stdev(differences) / len(pairs) ** 0.5, abs=1e-9)


@given(pairs_of_scores)
def test_turning_the_pairs_round_turns_the_sign(pairs: list[tuple[float, float]]) -> None:
    there, back = paired_difference(pairs), paired_difference([(new, old) for old, new in pairs])
    assert there is not None
    assert back is not None
    assert back.difference == pytest.approx(-there.difference, abs=1e-12)
    assert (back.improvements, back.regressions) == (there.regressions, there.improvements)
    assert back.standard_error == pytest.approx(there.standard_error, abs=1e-12)


@given(st.lists(st.floats(0, 1), min_size=2), st.floats(-1, 1))
def test_what_the_runs_have_in_common_cancels(baseline: list[float], shift: float) -> None:
    """However different the inputs are, a constant shift is known without error."""
    found = paired_difference([(value, value + shift) for value in baseline])
    assert found is not None
    assert found.standard_error == pytest.approx(0, abs=1e-12)
