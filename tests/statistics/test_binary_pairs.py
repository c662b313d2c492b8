"""McNemar's test and the interval beside it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spanscore.statistics import bonett_price_error, bonett_price_interval, mcnemar


@pytest.mark.core
@pytest.mark.parametrize(
    ("rose", "fell", "expected"),
    [
        (0, 0, 1.0),
        (7, 7, 1.0),
        (0, 6, 2 / 64),
        (6, 0, 2 / 64),
        # Fagerland, Lydersen and Laake 2013 (BMC Medical Research Methodology 13:91), tables 1 and 2: airway
        # hyper-responsiveness before and after stem cell transplantation, and complete response.
        (1, 7, 0.0703),
    ],
)
def test_known_values(rose: int, fell: int, expected: float) -> None:
    assert mcnemar(rose, fell) == pytest.approx(expected, abs=5e-5)


@settings(deadline=None)
@given(st.integers(0, 3000), st.integers(0, 3000))
def test_as_scipy_has_it(rose: int, fell: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    expected = stats.binomtest(rose, rose + fell).pvalue if rose + fell else 1.0
    assert mcnemar(rose, fell) == pytest.approx(expected, rel=1e-8, abs=1e-200)


def test_as_statsmodels_has_it() -> None:
    tables = pytest.importorskip("statsmodels.stats.contingency_tables")
    assert mcnemar(86, 150) == pytest.approx(tables.mcnemar([[101, 86], [150, 59]], exact=True).pvalue)


@pytest.mark.core
def test_a_hundred_thousand_pairs_are_no_burden() -> None:
    assert mcnemar(50_000, 50_000 + 2) == pytest.approx(0.9975, abs=1e-3)


@pytest.mark.core
def test_the_interval_of_known_data() -> None:
    """The airway data again: 7 and 1 of 21 pairs differ, and one more of either kind is added."""
    found = bonett_price_interval(7, 1, 21)
    centre, error = 6 / 23, (10 / 23 - 36 / 529) ** 0.5 / 23**0.5
    assert (found.low, found.high) == pytest.approx((centre - 1.96 * error, centre + 1.96 * error), abs=1e-5)
    assert found.method == "bonett-price"


@pytest.mark.core
@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_turning_the_pairs_round_turns_the_interval(rose: int, fell: int, ties: int) -> None:
    pairs = rose + fell + ties
    there, back = bonett_price_interval(rose, fell, pairs), bonett_price_interval(fell, rose, pairs)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))
    assert -1 <= there.low < there.high <= 1
    assert bonett_price_error(rose, fell, pairs) > 0
