"""What a sample says."""

import math
import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spanscore.statistics import (
    Bounds,
    Estimate,
    RunningSample,
    bootstrap_interval,
    t_interval,
    wilson_interval,
)

SCORES = (0.0, 1.0)


def estimate(values: list[float], limits: tuple[float, float] | None = SCORES) -> Estimate:
    sample = RunningSample(limits=limits)
    for value in values:
        sample.add(value)
    return sample.estimate()


@pytest.mark.core
def test_nothing_and_one() -> None:
    nothing = Estimate(
        count=0,
        total=0.0,
        mean=None,
        standard_deviation=None,
        standard_error=None,
        clusters=0,
        interval=None,
    )
    assert estimate([]) == nothing
    one = estimate([0.5])
    assert (one.mean, one.standard_deviation, one.standard_error, one.interval) == (0.5, None, None, None)


@pytest.mark.core
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1.0, 0.0, 1.0, 1.0], wilson_interval(0.75, 4)),
        ([1.0] * 50, wilson_interval(1.0, 50)),
        ([0.5, 0.25, 1.0], bootstrap_interval([(1, 0.5), (1, 0.25), (1, 1.0)])),
        ([0.5, 0.7] * 15, t_interval(0.6, math.sqrt(0.01 * 30 / 29 / 30), 29)),
        ([0.99] * 29 + [0.5], Bounds(low=0.94026125, high=1.0, method="t")),
    ],
    ids=["zeros and ones", "all ones", "few", "many", "no further than 1"],
)
def test_which_method(values: list[float], expected: Bounds) -> None:
    found = estimate(values).interval
    assert found is not None
    assert found.method == expected.method
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


@pytest.mark.core
@settings(deadline=None, max_examples=50)
@given(st.lists(st.lists(st.floats(0, 1), min_size=1, max_size=4), min_size=1, max_size=40))
def test_sums_say_what_the_values_do(clusters: list[list[float]]) -> None:
    one_by_one, sums = RunningSample(limits=SCORES), RunningSample(limits=SCORES)
    for name, values in enumerate(clusters):
        for value in values:
            one_by_one.add(value, cluster=name)
        squares = math.fsum(value * value for value in values)
        is_binary = all(value in (0.0, 1.0) for value in values)
        sums.add_sums(len(values), math.fsum(values), squares, is_binary=is_binary, cluster=name)
    first, second = one_by_one.estimate(), sums.estimate()
    assert (first.count, first.clusters) == (second.count, second.clusters)
    for figure in ("total", "mean", "standard_deviation", "standard_error"):
        expected = getattr(first, figure)
        found = getattr(second, figure)
        assert (found is None) == (expected is None)
        assert expected is None or found == pytest.approx(expected, abs=1e-6)


@pytest.mark.core
@settings(deadline=None, max_examples=50)
@given(st.lists(st.floats(0, 1), min_size=2, max_size=60))
def test_the_order_of_values_makes_no_difference(values: list[float]) -> None:
    turned = sorted(values)
    first, second = estimate(values), estimate(turned)
    assert first.mean == pytest.approx(second.mean, abs=1e-12)
    assert first.standard_error == pytest.approx(second.standard_error, abs=1e-9)
    assert first.interval is not None
    assert second.interval is not None
    assert first.interval.method == second.interval.method
    if first.interval.method != "bootstrap":
        assert (first.interval.low, first.interval.high) == pytest.approx(
            (second.interval.low, second.interval.high), abs=1e-9
        )


def test_the_t_interval_is_scipys() -> None:
    stats = pytest.importorskip("scipy.stats")
    values = [math.sin(number) / 2 + 0.5 for number in range(57)]
    error = statistics.stdev(values) / math.sqrt(57)
    expected = stats.t.interval(0.95, 56, loc=statistics.fmean(values), scale=error)
    found = estimate(values).interval
    assert found is not None
    assert (found.low, found.high) == pytest.approx(expected)
