"""Intervals of shares."""

import math
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spanscore.statistics import RunningClusters, effective_count, wilson_interval

PUBLISHED = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0, 0.1611),
    (1, 29, 0.0061, 0.1718),
]
"""Newcombe 1998 (Statistics in Medicine 17, 857-872), table I, method 3."""


@pytest.mark.core
@pytest.mark.parametrize(("right", "count", "low", "high"), PUBLISHED)
def test_published_values(right: int, count: int, low: float, high: float) -> None:
    found = wilson_interval(right / count, count)
    assert (found.low, found.high, found.method) == (
        pytest.approx(low, abs=5e-5),
        pytest.approx(high, abs=5e-5),
        "wilson",
    )


@settings(deadline=None)
@given(st.integers(1, 10_000), st.floats(0, 1))
def test_as_scipy_has_it(count: int, share: float) -> None:
    stats = pytest.importorskip("scipy.stats")
    right = round(share * count)
    expected = stats.binomtest(right, count).proportion_ci(method="wilson")
    found = wilson_interval(right / count, count)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-9)


SHARES = [(step + 0.5) / 1000 for step in range(1000)]


def coverage(count: int, shares: Sequence[float]) -> list[float]:
    """How often the interval of so many values has the true share, for each share: exactly."""
    intervals = [wilson_interval(right / count, count) for right in range(count + 1)]
    return [
        sum(
            math.comb(count, right) * share**right * (1 - share) ** (count - right)
            for right, bounds in enumerate(intervals)
            if bounds.low <= share <= bounds.high
        )
        for share in shares
    ]


@pytest.mark.core
@pytest.mark.parametrize(
    ("count", "mean", "within"), [(8, 0.955, 0.49), (20, 0.953, 0.79), (30, 0.952, 0.88), (200, 0.950, 0.98)]
)
def test_on_average_over_true_shares_it_covers_95_percent(count: int, mean: float, within: float) -> None:
    """And for so many of them what it covers lies between 93 and 97 %: fewer values are rougher."""
    covered = coverage(count, SHARES)
    assert sum(covered) / len(covered) == pytest.approx(mean, abs=0.001)
    share = sum(0.93 <= each <= 0.97 for each in covered) / len(covered)
    assert share == pytest.approx(within, abs=0.01)


@pytest.mark.core
def test_of_few_values_what_it_covers_jumps_with_the_true_share() -> None:
    """Only 21 means are possible with 20 values, and each interval is in or out of it as a whole."""
    shares = (0.65, 0.7, 0.75, 0.8)
    found = dict(zip(shares, coverage(20, shares), strict=True))
    assert found == pytest.approx({0.65: 0.9683, 0.7: 0.9752, 0.75: 0.9348, 0.8: 0.9563}, abs=5e-5)
    assert min(coverage(20, SHARES)) == pytest.approx(0.843, abs=0.001)


def clusters_of(*clusters: tuple[int, int]) -> RunningClusters:
    running = RunningClusters()
    for name, (size, right) in enumerate(clusters):
        running.add(float(right), count=size, cluster=name)
    return running


@pytest.mark.core
def test_independent_values_count_each() -> None:
    assert effective_count(clusters_of(*[(1, 1), (1, 0)] * 20), 0.5) == 40


@pytest.mark.core
@pytest.mark.parametrize(
    ("each", "share"), [([(5, 5), (5, 0)], 0.5), ([(5, 5), (5, 5)], 1.0), ([(5, 0), (5, 0)], 0.0)]
)
def test_clusters_of_equals_count_once(each: list[tuple[int, int]], share: float) -> None:
    """A thousand clusters of five equal values say as much as a thousand values."""
    assert effective_count(clusters_of(*each * 500), share) == pytest.approx(1000, rel=0.003)


@pytest.mark.core
def test_clusters_as_different_inside_as_outside_cost_nothing() -> None:
    mixed = [(4, right) for right, times in enumerate((1, 4, 6, 4, 1)) for _time in range(20 * times)]
    assert effective_count(clusters_of(*mixed), 0.5) == pytest.approx(4 * 320, rel=0.02)


@pytest.mark.core
def test_few_clusters_cost_more() -> None:
    assert effective_count(clusters_of((10, 10), (10, 10), (10, 10)), 1.0) == pytest.approx(
        3 * (1.96 / 4.3027) ** 2, rel=1e-4
    )
