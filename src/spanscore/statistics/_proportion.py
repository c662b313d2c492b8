"""The interval of a share of values that are 0 or 1."""

import math

from spanscore.statistics._bounds import SIGNIFICANCE, Bounds, Z
from spanscore.statistics._clusters import RunningClusters
from spanscore.statistics._student import t_quantile


def wilson_interval(share: float, count: float, *, z: float = Z) -> Bounds:
    """Wilson's score interval of a share seen in `count` values, which need not be a whole number.

    It stays inside 0..1 and says something at 0 and 1 too, where share ± error says nothing (Wilson 1927;
    Brown, Cai and DasGupta 2001).

    >>> bounds = wilson_interval(0.9, 10)
    >>> round(bounds.low, 4), round(bounds.high, 4)
    (0.5958, 0.9821)
    """
    shrinkage = 1 + z * z / count
    centre = (share + z * z / (2 * count)) / shrinkage
    reach = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / shrinkage
    low, high = max(0.0, centre - reach), min(1.0, centre + reach)
    # At the ends the two terms cancel but for rounding.
    return Bounds(low=0.0 if share == 0 else low, high=1.0 if share == 1 else high, method="wilson")


def effective_count(clusters: RunningClusters, share: float) -> float:
    """As many independent values of 0 or 1 as say as much as these clusters of them do.

    The count over the design effect, which is that of wholly equal clusters where the values do not differ,
    and over (t / z)² for few clusters (Korn and Graubard 1998; Dean and Pagano 2015).
    """
    count = clusters.count
    if clusters.clusters == count:
        return count
    error = clusters.standard_error or 0.0
    independent = share * (1 - share) / (count - 1)
    effect = error * error / independent if independent > 0 else clusters.largest_effect
    effect = min(max(effect, 1.0), clusters.largest_effect)
    t = t_quantile(1 - SIGNIFICANCE / 2, clusters.clusters - 1)
    return count / effect * (Z / t) ** 2
