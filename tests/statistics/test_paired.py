import dataclasses
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore.statistics import PairedDifference, paired_difference

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
        improvements=1,
        regressions=0,
    )


def test_ups_and_downs_are_counted() -> None:
    found = paired_difference([(0.0, 1.0), (1.0, 0.0), (0.5, 0.5), (0.0, 0.5)])
    assert found is not None
    assert found.standard_error == pytest.approx(statistics.stdev([1.0, -1.0, 0.0, 0.5]) / 2)
    assert dataclasses.replace(found, standard_error=None) == PairedDifference(
        baseline_mean=0.375,
        mean=0.5,
        difference=0.125,
        standard_error=None,
        pairs=4,
        improvements=2,
        regressions=1,
    )


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
