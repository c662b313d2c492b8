import statistics
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from spanscore.statistics import RunningMoments, mean, standard_deviation, standard_error

pytestmark = pytest.mark.core

scores = st.floats(0, 1)
numbers = st.floats(-1e9, 1e9)


def close(value: float, *, size: float = 1.0) -> object:
    return pytest.approx(value, rel=1e-9, abs=1e-9 * size)


@pytest.mark.parametrize("figure", [mean, standard_deviation, standard_error])
def test_of_no_numbers_there_is_nothing_to_say(figure: Callable[[list[float]], float | None]) -> None:
    assert figure([]) is None


def test_one_number_has_a_mean_but_no_spread() -> None:
    assert (mean([0.5]), standard_deviation([0.5]), standard_error([0.5])) == (0.5, None, None)


def test_the_standard_error_of_a_known_sample() -> None:
    assert standard_error([0.0, 0.0, 1.0, 1.0]) == pytest.approx((1 / 3) ** 0.5 / 2)


@given(st.lists(numbers, min_size=2))
def test_figures_agree_with_the_standard_library(values: list[float]) -> None:
    size = max(map(abs, values), default=1.0) + 1
    deviation = statistics.stdev(values)
    assert mean(values) == close(statistics.fmean(values), size=size)
    assert standard_deviation(values) == close(deviation, size=size)
    assert standard_error(values) == close(deviation / len(values) ** 0.5, size=size)


@given(st.lists(numbers), st.lists(numbers))
def test_merging_is_adding_all(first: list[float], second: list[float]) -> None:
    merged, whole = RunningMoments(first), RunningMoments(first + second)
    merged.merge(RunningMoments(second))
    size = max(map(abs, first + second), default=1.0) + 1
    assert merged.count == whole.count
    for figure in ("mean", "standard_deviation", "standard_error"):
        expected = getattr(whole, figure)
        assert getattr(merged, figure) == (None if expected is None else close(expected, size=size))


@given(st.lists(scores, min_size=2))
def test_sums_of_scores_give_the_same_figures(values: list[float]) -> None:
    moments = RunningMoments.from_sums(len(values), sum(values), sum(value * value for value in values))
    assert moments.mean == pytest.approx(statistics.fmean(values), abs=1e-12)
    assert moments.standard_deviation == pytest.approx(statistics.stdev(values), abs=1e-6)


@given(scores, st.integers(2, 1000))
def test_equal_scores_have_no_spread(score: float, count: int) -> None:
    assert standard_deviation([score] * count) == pytest.approx(0, abs=1e-12)
    sums = RunningMoments.from_sums(count, score * count, score * score * count)
    assert sums.standard_deviation == pytest.approx(0, abs=1e-6)


def test_sums_of_nothing() -> None:
    assert RunningMoments.from_sums(0, 0.0, 0.0).mean is None


@given(st.lists(scores, min_size=2), st.floats(1e6, 1e8))
def test_a_large_offset_does_not_spoil_the_spread(values: list[float], offset: float) -> None:
    """The naive formula from sums of squares would have no digit left here."""
    shifted = [value + offset for value in values]
    assume(len(set(shifted)) > 1)
    assert standard_deviation(shifted) == pytest.approx(statistics.stdev(shifted), rel=1e-6, abs=1e-7)
