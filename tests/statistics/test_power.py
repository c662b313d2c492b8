"""Power: checked against statsmodels and against Miller's worked example."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spanscore.statistics import (
    PairVariance,
    minimum_detectable_effect,
    needed_inputs,
    needed_trials,
    power_of,
)

EFFECTS = st.floats(0.005, 0.5)
PARTS = st.floats(0.001, 0.5)


@pytest.mark.core
def test_a_published_example() -> None:
    """Miller 2024, section 5: δ = 0.03, ω² = 1/9, none between trials: about 1,000 questions."""
    assert needed_inputs(0.03, PairVariance(between=1 / 9)) == 969


@settings(deadline=None)
@given(EFFECTS, PARTS, st.sampled_from([0.5, 0.8, 0.9]))
def test_as_statsmodels_has_it(difference: float, variance: float, power: float) -> None:
    stats = pytest.importorskip("statsmodels.stats.power")
    expected = stats.normal_sample_size_one_tail(difference, power, 0.025, std_null=math.sqrt(variance))
    found = needed_inputs(difference, PairVariance(between=variance), power=power)
    assert found == max(1, math.ceil(float(expected) * (1 - 1e-12)))


def test_power_is_statsmodels() -> None:
    stats = pytest.importorskip("statsmodels.stats.power")
    for difference, error in ((0.02, 0.01), (0.01, 0.03), (0.0, 0.01)):
        # Its effect is in standard deviations; of one value that is the error.
        expected = stats.normal_power(difference / error, 1, 0.05)
        assert power_of(difference, error) == pytest.approx(float(expected), abs=1e-9)


@pytest.mark.core
@given(EFFECTS, PARTS, PARTS, st.integers(1, 20))
def test_the_two_directions_agree(difference: float, between: float, within: float, trials: int) -> None:
    """What n inputs can show is what needs n inputs."""
    variance = PairVariance(between=between, within=within, baseline_within=within)
    inputs = needed_inputs(difference, variance, trials=trials, baseline_trials=trials)

    def shown(count: int) -> float:
        return minimum_detectable_effect(math.sqrt(variance.of_mean(trials, trials) / count))

    assert shown(inputs) <= difference * (1 + 1e-9)
    assert inputs == 1 or shown(inputs - 1) > difference * (1 - 1e-9)


@pytest.mark.core
@given(EFFECTS, PARTS, PARTS, st.integers(10, 5000))
def test_trials_help_as_far_as_they_can(
    difference: float, between: float, within: float, inputs: int
) -> None:
    variance = PairVariance(between=between, within=within, baseline_within=within)
    trials = needed_trials(difference, variance, inputs)
    if trials is None:
        # Not even of inputs that were known without error.
        assert needed_inputs(difference, PairVariance(between=between)) >= inputs
    else:
        assert needed_inputs(difference, variance, trials=trials, baseline_trials=trials) <= inputs
        if trials > 1:
            assert (
                needed_inputs(difference, variance, trials=trials - 1, baseline_trials=trials - 1) >= inputs
            )


@pytest.mark.core
def test_power_without_any_error() -> None:
    assert (power_of(0.1, 0.0), power_of(0.0, 0.0)) == (1.0, 0.05)
