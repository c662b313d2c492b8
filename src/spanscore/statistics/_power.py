"""How small a difference a comparison can show, and what it would take to show a smaller one."""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

from spanscore.statistics._bounds import SIGNIFICANCE

POWER: Final = 0.8
"""The share of real differences that shall be shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairVariance:
    """What the paired difference of one input varies by (Miller 2024, arXiv 2411.00640, section 5).

    `between` is ω², the variance of the inputs' true differences. `within` and `baseline_within` are s², that
    between trials of one input, of either run.
    """

    between: float
    within: float = 0.0
    baseline_within: float = 0.0

    def of_mean(self, trials: float, baseline_trials: float) -> float:
        """That of the difference of an input's means over so many trials: ω² + s_A²/K_A + s_B²/K_B."""
        return self.between + self.within / trials + self.baseline_within / baseline_trials


def minimum_detectable_effect(
    standard_error: float, *, power: float = POWER, alpha: float = SIGNIFICANCE
) -> float:
    """The difference that a test of this level shows with this power: (z_{1-a/2} + z_{1-b}) · SE.

    >>> round(minimum_detectable_effect(0.01), 4)
    0.028
    """
    return _z(alpha, power) * standard_error


def power_of(difference: float, standard_error: float, *, alpha: float = SIGNIFICANCE) -> float:
    """The chance that a test of this level shows a real difference of this size.

    >>> round(power_of(0.028, 0.01), 2)
    0.8
    """
    if standard_error == 0:
        return 1.0 if difference else alpha
    reach, effect = NormalDist().inv_cdf(1 - alpha / 2), abs(difference) / standard_error
    return NormalDist().cdf(effect - reach) + NormalDist().cdf(-effect - reach)


def needed_inputs(
    difference: float,
    variance: PairVariance,
    *,
    trials: float = 1,
    baseline_trials: float = 1,
    power: float = POWER,
    alpha: float = SIGNIFICANCE,
) -> int:
    """How many inputs show this difference: n = (z_{1-a/2} + z_{1-b})² (ω² + s_A²/K_A + s_B²/K_B) / δ².

    >>> needed_inputs(0.03, PairVariance(between=1 / 9))
    969
    """
    needed = (_z(alpha, power) / difference) ** 2 * variance.of_mean(trials, baseline_trials)
    return max(1, math.ceil(needed * (1 - 1e-12)))


def needed_trials(
    difference: float,
    variance: PairVariance,
    inputs: int,
    *,
    power: float = POWER,
    alpha: float = SIGNIFICANCE,
) -> int | None:
    """How many trials of each of these inputs, in both runs, show this difference; None if no number does.

    More trials only lower what trials of one input vary by: as K grows the variance falls to ω², no further.

    >>> needed_trials(0.03, PairVariance(between=0.05, within=0.1, baseline_within=0.1), 600)
    11
    >>> needed_trials(0.03, PairVariance(between=0.1, within=0.1, baseline_within=0.1), 600) is None
    True
    """
    within = variance.within + variance.baseline_within
    left = inputs * (difference / _z(alpha, power)) ** 2 - variance.between
    if left <= 0:
        return None
    return max(1, math.ceil(within / left * (1 - 1e-12)))


def _z(alpha: float, power: float) -> float:
    return NormalDist().inv_cdf(1 - alpha / 2) + NormalDist().inv_cdf(power)
