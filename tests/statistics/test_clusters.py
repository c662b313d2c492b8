"""Clustered standard errors."""

import itertools
import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore.statistics import RunningClusters, standard_error

CLUSTERS = st.lists(st.lists(st.floats(0, 1), min_size=1, max_size=5), min_size=2, max_size=12)


def of(clusters: list[list[float]]) -> RunningClusters:
    running = RunningClusters()
    for name, values in enumerate(clusters):
        for value in values:
            running.add(value, cluster=name)
    return running


@pytest.mark.core
@given(CLUSTERS)
def test_the_formula(clusters: list[list[float]]) -> None:
    values = list(itertools.chain(*clusters))
    mean, count = statistics.fmean(values), len(values)
    squares = sum(sum(value - mean for value in cluster) ** 2 for cluster in clusters)
    expected = math.sqrt(squares * len(clusters) / (len(clusters) - 1)) / count
    found = of(clusters)
    assert (found.count, found.clusters) == (count, len(clusters))
    assert found.mean == pytest.approx(mean)
    assert found.standard_error == pytest.approx(expected, abs=1e-8)


@pytest.mark.core
@given(st.lists(st.floats(0, 1), min_size=2, max_size=40))
def test_values_of_their_own_have_the_plain_error(values: list[float]) -> None:
    running = RunningClusters()
    for value in values:
        running.add(value)
    assert running.standard_error == pytest.approx(standard_error(values), abs=1e-8)


@pytest.mark.core
@given(CLUSTERS)
def test_sums_of_clusters_say_the_same(clusters: list[list[float]]) -> None:
    sums = RunningClusters()
    for name, values in enumerate(clusters):
        sums.add(math.fsum(values), count=len(values), cluster=name)
    one_by_one = of(clusters)
    assert sums.mean == pytest.approx(one_by_one.mean, abs=1e-12)
    assert sums.standard_error == pytest.approx(one_by_one.standard_error, abs=1e-8)
    assert sums.few == [(size, pytest.approx(total, abs=1e-9)) for size, total in one_by_one.few]


@pytest.mark.core
def test_equal_values_of_a_cluster_count_once() -> None:
    """Naively the error of these would be half as large."""
    thrice = of([[1.0] * 4, [0.0] * 4, [1.0] * 4])
    assert thrice.standard_error == pytest.approx(standard_error([1.0, 0.0, 1.0]))
    assert thrice.largest_effect == 4.0


@pytest.mark.core
def test_a_large_mean_does_not_cost_the_digits() -> None:
    running = RunningClusters()
    for value in (1e9, 1e9 + 1, 1e9 + 2):
        running.add(value)
    assert running.standard_error == pytest.approx(1 / math.sqrt(3))


@pytest.mark.core
def test_too_few_to_say() -> None:
    running = RunningClusters()
    assert (running.count, running.mean, running.standard_error) == (0, None, None)
    running.add(0.0, count=0)
    running.add(1.0, cluster="a")
    running.add(0.0, cluster="a")
    assert (running.count, running.mean, running.standard_error) == (2, 0.5, None)


@pytest.mark.core
@pytest.mark.parametrize(("clusters", "kept"), [(29, 29), (30, 0)])
def test_few_clusters_are_kept_and_many_are_not(clusters: int, kept: int) -> None:
    running = of([[1.0, 0.0]] * clusters)
    assert (running.is_few, running.few) == (kept > 0, [(2, 1.0)] * kept)


def test_as_statsmodels_has_it() -> None:
    api = pytest.importorskip("statsmodels.api")
    numpy = pytest.importorskip("numpy")
    clusters = [[0.1, 0.4, 0.35], [0.9], [0.5, 0.7], [0.2, 0.2, 0.3, 0.6], [1.0, 0.8]]
    groups = [name for name, values in enumerate(clusters) for _value in values]
    fit = api.OLS(list(itertools.chain(*clusters)), numpy.ones(len(groups))).fit()
    # Its correction is C/(C-1) times (n-1)/(n-k), which is 1 for a mean.
    robust = fit.get_robustcov_results("cluster", groups=numpy.array(groups))
    assert of(clusters).standard_error == pytest.approx(robust.bse[0])
