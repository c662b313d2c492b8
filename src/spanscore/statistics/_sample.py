"""What a sample says of the mean it was drawn from."""

from dataclasses import dataclass

from spanscore.statistics._bootstrap import bootstrap_interval
from spanscore.statistics._bounds import SIGNIFICANCE, Bounds
from spanscore.statistics._clusters import NO_CLUSTER, ClusterSums, RunningClusters
from spanscore.statistics._moments import RunningMoments
from spanscore.statistics._proportion import effective_count, wilson_interval
from spanscore.statistics._student import t_quantile


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The mean of a sample and how well it is known; None where there is nothing to say.

    `standard_error` is over `clusters` groups of values. `interval` has 95 % confidence: Wilson's for values
    of 0 and 1, Student's from thirty clusters on, else by drawing the clusters again.
    """

    count: int
    total: float
    mean: float | None
    standard_deviation: float | None
    standard_error: float | None
    clusters: int
    interval: Bounds | None


class RunningSample:
    """A sample that comes one by one, the values of one cluster side by side; keeps sums alone.

    `limits` are the least and the greatest that a value can be.

    >>> sample = RunningSample(limits=(0.0, 1.0))
    >>> for value in (1.0, 1.0, 0.0, 1.0):
    ...     sample.add(value)
    >>> estimate = sample.estimate()
    >>> estimate.mean, estimate.interval.method, round(estimate.interval.low, 3)
    (0.75, 'wilson', 0.301)
    """

    __slots__ = ("_clusters", "_is_binary", "_limits", "_moments", "_total")

    def __init__(self, *, limits: tuple[float, float] | None = None) -> None:
        self._limits = limits
        self._moments = RunningMoments()
        self._clusters = RunningClusters()
        self._is_binary = True
        self._total = 0.0

    @classmethod
    def from_sums(
        cls,
        sums: ClusterSums,
        *,
        squares: float,
        total: float,
        is_binary: bool,
        limits: tuple[float, float] | None = None,
    ) -> "RunningSample":
        """The sample behind sums over its clusters; `squares` is Σ(x - near)² over its values."""
        sample = cls(limits=limits)
        shift = sums.total / sums.count
        sample._moments = RunningMoments.from_deviations(
            sums.count, sums.near + shift, squares - sums.count * shift * shift
        )
        sample._clusters = RunningClusters.from_sums(sums)
        sample._is_binary, sample._total = is_binary, total
        return sample

    def add(self, value: float, *, cluster: object = NO_CLUSTER) -> None:
        """Take one value in."""
        self._moments.add(value)
        self._clusters.add(value, cluster=cluster)
        self._is_binary = self._is_binary and value in (0.0, 1.0)
        self._total += value

    def add_sums(
        self, count: int, total: float, squares: float, *, is_binary: bool, cluster: object = NO_CLUSTER
    ) -> None:
        """Take in `count` values of one cluster with this sum and this sum of squares."""
        if count == 1:
            self._moments.add(total)
        else:
            self._moments.merge(RunningMoments.from_sums(count, total, squares))
        self._clusters.add(total, count=count, cluster=cluster)
        self._is_binary = self._is_binary and is_binary
        self._total += total

    def estimate(self) -> Estimate:
        """What the values taken in say."""
        return Estimate(
            count=self._moments.count,
            total=self._total,
            mean=self._moments.mean,
            standard_deviation=self._moments.standard_deviation,
            standard_error=self._clusters.standard_error,
            clusters=self._clusters.clusters,
            interval=self._interval(),
        )

    def _interval(self) -> Bounds | None:
        clusters, mean, error = self._clusters, self._clusters.mean, self._clusters.standard_error
        if mean is None or error is None:
            return None
        if self._is_binary:
            share = min(max(mean, 0.0), 1.0)
            return wilson_interval(share, effective_count(clusters, share))
        if clusters.is_few:
            found = bootstrap_interval(clusters.few)
            return None if found is None else found.within(self._limits)
        return t_interval(mean, error, clusters.clusters - 1).within(self._limits)


def t_interval(mean: float, standard_error: float, freedom: float) -> Bounds:
    """Student's interval, mean ± t · SE.

    >>> bounds = t_interval(0.5, 0.1, 99)
    >>> round(bounds.low, 4), round(bounds.high, 4)
    (0.3016, 0.6984)
    """
    reach = t_quantile(1 - SIGNIFICANCE / 2, freedom) * standard_error
    return Bounds(low=mean - reach, high=mean + reach, method="t")
