"""The difference between two runs over the same inputs."""

from collections.abc import Iterable
from dataclasses import dataclass

from spanscore.statistics._moments import RunningMoments


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedDifference:
    """How a run differs from its baseline over the inputs that both have.

    `difference` is `mean` minus `baseline_mean`. `standard_error` is that of the mean of the differences of
    the pairs, None below two. `improvements` and `regressions` count the pairs that rose and fell.
    """

    baseline_mean: float
    mean: float
    difference: float
    standard_error: float | None
    pairs: int
    improvements: int
    regressions: int


def paired_difference(pairs: Iterable[tuple[float, float]]) -> PairedDifference | None:
    """The difference over pairs of (baseline, new) values of one input each; None of no pairs.

    The standard error is s_d / √n, with s_d the standard deviation of the differences d = new - baseline.
    That is √(SE_A² + SE_B² - 2 Cov): what inputs have in common cancels, so that it is smaller than that of
    unpaired means (Miller 2024, arXiv 2411.00640, section 4.2).

    >>> paired_difference([(0.0, 1.0), (1.0, 1.0)]).difference
    0.5
    """
    before, after, differences = RunningMoments(), RunningMoments(), RunningMoments()
    improvements = regressions = 0
    for baseline, value in pairs:
        before.add(baseline)
        after.add(value)
        differences.add(value - baseline)
        improvements += value > baseline
        regressions += value < baseline
    if before.mean is None or after.mean is None or differences.mean is None:
        return None
    return PairedDifference(
        baseline_mean=before.mean,
        mean=after.mean,
        difference=differences.mean,
        standard_error=differences.standard_error,
        pairs=differences.count,
        improvements=improvements,
        regressions=regressions,
    )
