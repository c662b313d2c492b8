"""Groups of values that are not independent of each other: trials of an input, questions on a text."""

import math
from dataclasses import dataclass
from typing import Final

from spanscore.statistics._bounds import ENOUGH

Cluster = tuple[int, float]
"""How many values a cluster has, and their sum."""

NO_CLUSTER: Final = object()
"""The cluster of a value that belongs to nobody else's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterSums:
    """Sums over clusters, as a database has them: of their sizes n and of their deviations d from `near`.

    d = Σ(x - near) over a cluster; `total` is Σd, `squares` Σd², `cross` Σnd, `sizes` Σn².
    """

    clusters: int
    count: int
    near: float
    total: float
    squares: float
    cross: float
    sizes: float


class RunningClusters:
    """Mean and clustered standard error of values that come one by one, each cluster's side by side.

    Keeps no values but the sums of the first few clusters, for drawing them again where there are no more.
    All sums are of deviations from the first value, so that digits survive a large mean.

    >>> clusters = RunningClusters()
    >>> for cluster, value in (("a", 1.0), ("a", 1.0), ("b", 0.0), ("b", 0.0)):
    ...     clusters.add(value, cluster=cluster)
    >>> clusters.mean, clusters.clusters, round(clusters.standard_error, 3)
    (0.5, 2, 0.5)
    """

    __slots__ = (
        "_anchor",
        "_cluster",
        "_count",
        "_cross",
        "_few",
        "_open",
        "_sizes",
        "_squares",
        "_total",
        "clusters",
    )

    def __init__(self) -> None:
        self.clusters: int = 0
        self._anchor: float | None = None
        self._cluster: object = NO_CLUSTER
        self._open: Cluster = (0, 0.0)
        self._few: list[Cluster] = []
        self._count = 0
        self._total = self._squares = self._cross = self._sizes = 0.0

    @classmethod
    def from_sums(cls, sums: "ClusterSums") -> "RunningClusters":
        """The clusters behind these sums; enough of them for Student's t, for they are not kept singly."""
        running = cls()
        running.clusters, running._anchor, running._count = sums.clusters, sums.near, sums.count
        running._total, running._squares = sums.total, sums.squares
        running._cross, running._sizes = sums.cross, sums.sizes
        return running

    def add(self, total: float, *, count: int = 1, cluster: object = NO_CLUSTER) -> None:
        """Take in `count` values with this sum; values that come after others of their cluster join them."""
        if count == 0:
            return
        if self._anchor is None:
            self._anchor = total / count
        if cluster is NO_CLUSTER or cluster != self._cluster:
            self._close()
            self._cluster = cluster
            self.clusters += 1
        size, deviation = self._open
        self._open = size + count, deviation + (total - count * self._anchor)

    def _close(self) -> None:
        size, deviation = self._open
        if size == 0:
            return
        self._open = 0, 0.0
        self._count += size
        self._total += deviation
        self._squares += deviation * deviation
        self._cross += size * deviation
        self._sizes += size * size
        if self.clusters < ENOUGH:
            self._few.append((size, deviation))

    @property
    def count(self) -> int:
        """How many values there were."""
        return self._count + self._open[0]

    @property
    def mean(self) -> float | None:
        """x̄ over the values, not over the clusters; None of no values."""
        if self._anchor is None:
            return None
        self._close_last()
        return self._anchor + self._total / self._count

    @property
    def standard_error(self) -> float | None:
        """√(C / (C - 1) · Σ_c (Σ_{i∈c} (x_i - x̄))²) / n; None below two clusters.

        Miller 2024, arXiv 2411.00640, section 2.2, with the correction for few clusters. Where every value is
        a cluster of its own it is s / √n.
        """
        if self.clusters < 2:
            return None
        self._close_last()
        mean = self._total / self._count
        squares = max(0.0, self._squares - 2 * mean * self._cross + mean * mean * self._sizes)
        return math.sqrt(squares * self.clusters / (self.clusters - 1)) / self._count

    @property
    def largest_effect(self) -> float:
        """By how much more the variance is than of independent values if all of a cluster are equal."""
        self._close_last()
        return self._sizes / self._count

    @property
    def few(self) -> list[Cluster]:
        """The clusters, if there are fewer than what is enough for Student's t; else none."""
        self._close_last()
        anchor = self._anchor or 0.0
        return [(size, size * anchor + deviation) for size, deviation in self._few] if self.is_few else []

    @property
    def is_few(self) -> bool:
        """Whether there are too few clusters for Student's t."""
        return self.clusters < ENOUGH

    def _close_last(self) -> None:
        # A later value of the same cluster begins a new one: figures are asked for at the end.
        self._close()
        self._cluster = NO_CLUSTER
