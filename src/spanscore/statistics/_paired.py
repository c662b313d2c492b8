"""The difference between two runs over the same inputs."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from spanscore.statistics._binary_pairs import bonett_price_error, bonett_price_interval, mcnemar
from spanscore.statistics._bootstrap import signs_test
from spanscore.statistics._bounds import Bounds
from spanscore.statistics._clusters import NO_CLUSTER, ClusterSums, RunningClusters
from spanscore.statistics._moments import RunningMoments
from spanscore.statistics._power import minimum_detectable_effect
from spanscore.statistics._sample import t_interval
from spanscore.statistics._student import t_tails

Test = Literal["mcnemar", "t", "bootstrap"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a test says of a difference: its p-value, the interval that goes with it, what it could show.

    `interval` is None where there are too few pairs to say anything with 95 % confidence,
    `smallest_detectable`, at a power of 80 %, where no difference could ever be shown.
    """

    test: Test
    p_value: float
    interval: Bounds | None
    smallest_detectable: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedDifference:
    """How a run differs from its baseline over the inputs that both have.

    `difference` is `mean` minus `baseline_mean`. `standard_error` is that of the mean of the differences of
    the pairs over `clusters`, None below two of them, as `comparison` is. `improvements`, `regressions` and
    `ties` count the pairs that rose, fell and stayed.
    """

    baseline_mean: float
    mean: float
    difference: float
    standard_error: float | None
    pairs: int
    clusters: int
    improvements: int
    regressions: int
    ties: int
    comparison: Comparison | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PairSums:
    """Sums over independent pairs, as a database has them: of baselines and of differences d, and counts."""

    pairs: int
    baseline: float
    difference: float
    squares: float
    rose: int
    fell: int
    is_binary: bool


class RunningPairs:
    """Pairs of (baseline, new) that come one by one, those of a cluster side by side; keeps sums alone.

    `limits` are the least and the greatest that a difference can be.
    """

    __slots__ = ("_after", "_before", "_differences", "_fell", "_is_binary", "_limits", "_rose")

    def __init__(self, *, limits: tuple[float, float] | None = None) -> None:
        self._limits = limits
        self._before = RunningMoments()
        self._after = RunningMoments()
        self._differences = RunningClusters()
        self._rose = self._fell = 0
        self._is_binary = True

    @classmethod
    def from_sums(cls, sums: PairSums, *, limits: tuple[float, float] | None = None) -> "RunningPairs":
        """The pairs behind these sums; enough of them for Student's t, for they are not kept singly."""
        running = cls(limits=limits)
        before, count = sums.baseline / sums.pairs, sums.pairs
        running._before = RunningMoments.from_deviations(count, before, 0.0)
        running._after = RunningMoments.from_deviations(count, before + sums.difference / count, 0.0)
        running._differences = RunningClusters.from_sums(
            ClusterSums(
                clusters=count,
                count=count,
                near=0.0,
                total=sums.difference,
                squares=sums.squares,
                cross=sums.difference,
                sizes=count,
            )
        )
        running._rose, running._fell, running._is_binary = sums.rose, sums.fell, sums.is_binary
        return running

    def add(
        self, baseline: float, value: float, *, cluster: object = NO_CLUSTER, is_repeated: bool = False
    ) -> None:
        """Take in one input. `is_repeated` says that a value is the mean of several."""
        self._before.add(baseline)
        self._after.add(value)
        self._differences.add(value - baseline, cluster=cluster)
        self._rose += value > baseline
        self._fell += value < baseline
        if self._is_binary:
            self._is_binary = not is_repeated and value in (0.0, 1.0) and baseline in (0.0, 1.0)

    def difference(self) -> PairedDifference | None:
        """What the pairs taken in say; None of no pairs."""
        differences, pairs = self._differences, self._before.count
        if self._before.mean is None or self._after.mean is None or differences.mean is None:
            return None
        return PairedDifference(
            baseline_mean=self._before.mean,
            mean=self._after.mean,
            difference=differences.mean,
            standard_error=differences.standard_error,
            pairs=pairs,
            clusters=differences.clusters,
            improvements=self._rose,
            regressions=self._fell,
            ties=pairs - self._rose - self._fell,
            comparison=self._comparison(differences.mean, differences.standard_error),
        )

    def _comparison(self, mean: float, error: float | None) -> Comparison | None:
        differences, pairs = self._differences, self._before.count
        if error is None:
            return None
        if self._is_binary and differences.clusters == pairs:
            return _by_mcnemar(self._rose, self._fell, pairs)
        if differences.is_few:
            return self._by_signs(error)
        return Comparison(
            test="t",
            p_value=t_tails(_ratio(mean, error), differences.clusters - 1),
            interval=t_interval(mean, error, differences.clusters - 1).within(self._limits),
            smallest_detectable=_detectable(error),
        )

    def _by_signs(self, error: float) -> Comparison:
        found = signs_test(self._differences.few)
        return Comparison(
            test="bootstrap",
            p_value=found.p_value,
            interval=None if found.interval is None else found.interval.within(self._limits),
            smallest_detectable=None if found.interval is None else _detectable(error),
        )


def _by_mcnemar(rose: int, fell: int, pairs: int) -> Comparison:
    return Comparison(
        test="mcnemar",
        p_value=mcnemar(rose, fell),
        interval=bonett_price_interval(rose, fell, pairs),
        smallest_detectable=min(1.0, minimum_detectable_effect(bonett_price_error(rose, fell, pairs))),
    )


def _detectable(error: float) -> float | None:
    return minimum_detectable_effect(error) if error > 0 else None


def _ratio(mean: float, error: float) -> float:
    if error == 0:
        return math.inf if mean else 0.0
    return mean / error


def paired_difference(
    pairs: Iterable[tuple[float, float]], *, limits: tuple[float, float] | None = None
) -> PairedDifference | None:
    """The difference over pairs of (baseline, new) values of one input each; None of no pairs.

    The standard error is s_d / √n, with s_d the standard deviation of the differences d = new - baseline.
    That is √(SE_A² + SE_B² - 2 Cov): what inputs have in common cancels, so that it is smaller than that of
    unpaired means (Miller 2024, arXiv 2411.00640, section 4.2). The test is McNemar's for values of 0 and 1,
    Student's paired t from thirty pairs on, else by random signs.

    >>> found = paired_difference([(0.0, 1.0), (1.0, 1.0)])
    >>> found.difference, found.comparison.test, found.comparison.p_value
    (0.5, 'mcnemar', 1.0)
    """
    running = RunningPairs(limits=limits)
    for baseline, value in pairs:
        running.add(baseline, value)
    return running.difference()
