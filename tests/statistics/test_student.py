"""Student's distribution and the incomplete beta function."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spanscore.statistics import incomplete_beta, t_quantile, t_tails

TABLE = [(0.975, 1, 12.706), (0.975, 5, 2.571), (0.975, 29, 2.045), (0.995, 10, 3.169), (0.95, 120, 1.658)]
"""Quantiles as every printed table has them."""


@pytest.mark.core
@pytest.mark.parametrize(("probability", "freedom", "expected"), TABLE)
def test_printed_tables(probability: float, freedom: float, expected: float) -> None:
    assert t_quantile(probability, freedom) == pytest.approx(expected, abs=5e-4)
    assert t_quantile(1 - probability, freedom) == pytest.approx(-expected, abs=5e-4)
    assert t_tails(expected, freedom) == pytest.approx(2 * (1 - probability), abs=2e-4)


@pytest.mark.core
def test_ends() -> None:
    assert [incomplete_beta(2, 3, x) for x in (0.0, 1.0)] == [0.0, 1.0]
    assert (t_tails(0.0, 4), t_tails(float("inf"), 4)) == (1.0, 0.0)
    assert t_quantile(0.5, 3) == pytest.approx(0, abs=1e-9)


@settings(deadline=None)
@given(st.floats(0.5, 3e5), st.floats(0.5, 3e5), st.floats(0, 1))
def test_beta_is_scipys(a: float, b: float, x: float) -> None:
    special = pytest.importorskip("scipy.special")
    assert incomplete_beta(a, b, x) == pytest.approx(special.betainc(a, b, x), rel=1e-7, abs=1e-12)


@settings(deadline=None)
@given(st.floats(0.001, 0.999), st.integers(1, 200_000))
def test_quantiles_are_scipys(probability: float, freedom: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    expected = stats.t.ppf(probability, freedom)
    assert t_quantile(probability, freedom) == pytest.approx(expected, rel=1e-7, abs=1e-9)


@settings(deadline=None)
@given(st.floats(-50, 50), st.integers(1, 200_000))
def test_tails_are_scipys(t: float, freedom: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    assert t_tails(t, freedom) == pytest.approx(2 * stats.t.sf(abs(t), freedom), rel=1e-6, abs=1e-14)
