"""Drawing few values again."""

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spanscore.statistics import Bounds, bootstrap_interval, signs_test
from spanscore.statistics._clusters import Cluster

VALUES = [0.9, 0.35, 0.4, 0.75, 0.6, 0.1, 0.85, 0.5]
SINGLE: list[Cluster] = [(1, value) for value in VALUES]


@pytest.mark.core
def test_the_same_seed_gives_the_same_bounds() -> None:
    assert bootstrap_interval(SINGLE) == bootstrap_interval(SINGLE)
    assert bootstrap_interval(SINGLE) != bootstrap_interval(SINGLE, seed=1)


@pytest.mark.core
def test_too_few_to_draw() -> None:
    assert bootstrap_interval([]) is bootstrap_interval([(3, 1.5)]) is None


@pytest.mark.core
def test_equal_values_have_no_width() -> None:
    assert bootstrap_interval([(1, 0.5)] * 8) == Bounds(low=0.5, high=0.5, method="bootstrap")


def test_it_is_scipys_percentile_interval_moved_out() -> None:
    stats = pytest.importorskip("scipy.stats")
    numpy = pytest.importorskip("numpy")
    tail = stats.norm.cdf(math.sqrt(8 / 7) * stats.t.ppf(0.025, 7))
    expected = stats.bootstrap(
        (VALUES,),
        numpy.mean,
        confidence_level=1 - 2 * tail,
        method="percentile",
        n_resamples=50_000,
        rng=numpy.random.default_rng(0),
    ).confidence_interval
    found = bootstrap_interval(SINGLE, draws=50_000)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=0.01)


@pytest.mark.core
def test_clusters_are_drawn_whole() -> None:
    """Trials of one input that are all equal say no more than one of them."""
    trials = bootstrap_interval([(3, 3 * value) for value in VALUES])
    assert trials is not None
    found = bootstrap_interval(SINGLE)
    assert found is not None
    assert (trials.low, trials.high) == pytest.approx((found.low, found.high))
    uneven = bootstrap_interval([(1, 1.0), (4, 0.0), (2, 1.0), (1, 0.5), (3, 3.0)])
    assert uneven is not None
    assert 0.0 <= uneven.low < 5.5 / 11 < uneven.high <= 1.0


@pytest.mark.core
@pytest.mark.parametrize(
    ("differences", "expected"),
    [
        ([0.5] * 5, 2 / 32),
        ([0.5] * 6, 2 / 64),
        ([-0.5] * 6, 2 / 64),
        ([0.0] * 6, 1.0),
        ([0.3, -0.3], 1.0),
        # Fisher 1935, The Design of Experiments, section 21: Darwin's fifteen pairs of maize, in eighths of
        # an inch. Of the 32,768 choices of signs 1,726 give as much; drawn ones come near that share.
        ([49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48], 1726 / 32768),
    ],
)
def test_p_values_of_signs(differences: list[float], expected: float) -> None:
    is_drawn = len(differences) > 12
    found = signs_test([(1, value) for value in differences]).p_value
    assert found == pytest.approx(expected, abs=0.008 if is_drawn else 0)


@settings(deadline=None)
@given(st.lists(st.sampled_from([-10.0, -5.0, 0.0, 2.0, 6.0, 20.0]), min_size=2, max_size=7))
def test_p_values_are_scipys(differences: list[float]) -> None:
    """Of whole numbers, with exact sums: for scipy a sum that is 0 but for rounding is not 0."""
    stats = pytest.importorskip("scipy.stats")
    numpy = pytest.importorskip("numpy")
    expected = stats.permutation_test(
        (differences,), numpy.sum, permutation_type="samples", n_resamples=numpy.inf, axis=0, vectorized=True
    ).pvalue
    assert signs_test([(1, value) for value in differences]).p_value == pytest.approx(expected)


def by_hand(differences: list[float], shift: float) -> float:
    moved = [value - shift for value in differences]
    seen = abs(math.fsum(moved)) - 1e-12
    signs = list(itertools.product((1, -1), repeat=len(moved)))
    found = sum(abs(math.fsum(s * v for s, v in zip(each, moved, strict=True))) >= seen for each in signs)
    return found / len(signs)


@pytest.mark.core
@settings(deadline=None, max_examples=25)
@given(st.lists(st.floats(-1, 1), min_size=6, max_size=9, unique=True))
def test_the_interval_has_the_differences_that_would_not_be_rejected(differences: list[float]) -> None:
    interval = signs_test([(1, value) for value in differences]).interval
    assert interval is not None
    width = interval.high - interval.low
    assert by_hand(differences, interval.low - 0.01 * width - 1e-9) <= 0.05
    assert by_hand(differences, interval.high + 0.01 * width + 1e-9) <= 0.05
    assert by_hand(differences, (interval.low + interval.high) / 2) > 0.05


@pytest.mark.core
def test_below_six_pairs_no_interval_has_enough_confidence() -> None:
    assert signs_test([(1, 0.5)] * 5).interval is None


@pytest.mark.core
def test_many_clusters_of_several_sizes() -> None:
    clusters: list[Cluster] = [(1 + number % 3, 0.2 + 0.01 * number) for number in range(29)]
    found = signs_test(clusters)
    assert found == signs_test(clusters)
    assert found.p_value < 0.001
    assert found.interval is not None
    mean = sum(total for _size, total in clusters) / sum(size for size, _total in clusters)
    assert 0 < found.interval.low < mean < found.interval.high < 2 * mean
