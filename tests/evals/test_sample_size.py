"""What a comparison needs, learnt from one that was made."""

import pytest

from spanscore.evals._sample_size import SampleSize, sample_size
from spanscore.statistics import minimum_detectable_effect
from spanscore.wire.summaries import Difference, ScoreSummary, Trials

pytestmark = pytest.mark.core


def trials(k: int, within: float) -> Trials:
    return Trials(k=k, pass_at_k=None, pass_hat_k=None, deviation_within=within)


def score(
    *,
    variance: float | None = None,
    standard_error: float | None = 0.02,
    pairs: int = 100,
    of_trials: Trials | None = None,
) -> ScoreSummary:
    """`variance` is that of the paired difference of an input."""
    compared = None
    if variance is not None:
        error = (variance / pairs) ** 0.5
        compared = Difference(
            baseline_mean=0.5,
            mean=0.5,
            difference=0.0,
            standard_error=error,
            pairs=pairs,
            improvements=0,
            regressions=0,
            smallest_detectable=minimum_detectable_effect(error),
        )
    return ScoreSummary(
        name="s",
        mean=0.5,
        scored_mean=0.5,
        standard_deviation=0.2,
        standard_error=standard_error,
        scored=pairs * (of_trials.k if of_trials else 1),
        skipped=0,
        errored=0,
        clusters=pairs if of_trials else None,
        trials=of_trials,
        difference=compared,
    )


def test_without_trials_only_inputs_can_be_told() -> None:
    """The published case: a variance of 1/9 and three points need 969 inputs."""
    assert sample_size(score(variance=1 / 9), score(), difference=0.03) == SampleSize(
        score="s",
        difference=0.03,
        power=0.8,
        inputs=100,
        trials=1,
        detectable=pytest.approx(2.8016 / 30, abs=1e-4),  # pyright: ignore[reportArgumentType]
        wanted_trials=1,
        needed_inputs=969,
        has_pairs=True,
        knows_trials=False,
        least_inputs=None,
        needed_trials=None,
        enough_trials=None,
    )


def test_trials_split_the_variance() -> None:
    """Of 0.09 at two trials a run, trials of variance 0.04 make 0.04; the inputs' 0.05 stays."""
    now, before = (score(variance=0.09, of_trials=trials(2, 0.2)) for _run in range(2))
    found = sample_size(now, before, difference=0.1)
    assert found is not None
    assert (found.inputs, found.trials, found.knows_trials) == (100, 2, True)
    assert found.needed_inputs == 71
    assert found.least_inputs == 40
    assert found.needed_trials == 2
    assert found.enough_trials == 16
    once = sample_size(now, before, difference=0.1, trials=1)
    assert once is not None
    assert (once.wanted_trials, once.needed_inputs) == (1, 103)


def test_no_number_of_trials_replaces_inputs() -> None:
    found = sample_size(score(variance=0.09, of_trials=trials(2, 0.2)), None, difference=0.05)
    assert found is not None
    assert found.needed_trials is None


def test_without_a_comparison_two_runs_have_nothing_in_common() -> None:
    found = sample_size(score(standard_error=0.02), None, difference=0.05)
    assert found is not None
    assert (found.has_pairs, found.inputs) == (False, 100)
    assert found.detectable == pytest.approx(minimum_detectable_effect(0.02 * 2**0.5))
    assert found.needed_inputs == 252


def test_more_power_takes_more() -> None:
    sizes = [
        sample_size(score(variance=0.1), None, difference=0.05, power=power) for power in (0.5, 0.8, 0.95)
    ]
    needed = [size.needed_inputs for size in sizes if size is not None]
    assert needed == [154, 314, 520]


@pytest.mark.parametrize("standard_error", [None, 0.0])
def test_nothing_is_learnt_from_scores_that_are_all_alike(standard_error: float | None) -> None:
    assert sample_size(score(standard_error=standard_error), None, difference=0.05) is None
