"""What few values say, by drawing them again: always with the same seed, so always with the same outcome."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from spanscore.statistics._bounds import SIGNIFICANCE, Bounds
from spanscore.statistics._clusters import Cluster
from spanscore.statistics._student import t_quantile

DRAWS: Final = 2_000
_SIGNS_TRIED: Final = 12
"""Up to so many clusters every choice of signs is tried: 2¹² of them."""

_CLOSE: Final = 1e-9


def bootstrap_interval(clusters: Sequence[Cluster], *, seed: int = 0, draws: int = DRAWS) -> Bounds | None:
    """The expanded percentile interval of the mean, whole clusters drawn; None below two.

    Percentile intervals of few values are too narrow. Hesterberg 2015 (What teachers should know about the
    bootstrap, section 5.2) moves the percentiles out, to Φ(-√(n / (n - 1)) · t), by which they are as wide as
    Student's where the values are normal, and still as skewed as the values are.
    """
    count = len(clusters)
    if count < 2:
        return None
    drawn = random.Random(seed)
    if all(size == clusters[0][0] for size, _total in clusters):
        scale = count * clusters[0][0]
        totals = [total for _size, total in clusters]
        means = sorted(sum(drawn.choices(totals, k=count)) / scale for _draw in range(draws))
    else:
        means = sorted(_mean(drawn.choices(clusters, k=count)) for _draw in range(draws))
    t = t_quantile(1 - SIGNIFICANCE / 2, count - 1)
    tail = 0.5 * math.erfc(math.sqrt(count / (count - 1)) * t / math.sqrt(2))
    outside = max(0, math.floor(tail * (draws + 1)) - 1)
    return Bounds(low=means[outside], high=means[-1 - outside], method="bootstrap")


def _mean(clusters: Sequence[Cluster]) -> float:
    return sum(total for _size, total in clusters) / sum(size for size, _total in clusters)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignsTest:
    """p-value of no difference, and the differences that would not be rejected; None if all would pass."""

    p_value: float
    interval: Bounds | None


def signs_test(clusters: Sequence[Cluster], *, seed: int = 0, draws: int = 2**_SIGNS_TRIED) -> SignsTest:
    """The wild bootstrap of paired differences under the null hypothesis, one random sign a cluster.

    `clusters` have the number and the sum of their differences. If two systems are equal, a difference is as
    likely as its opposite, so that the test is exact however few there are (Fisher's randomisation test; as a
    bootstrap Cameron, Gelbach and Miller 2008, with Rademacher weights). The interval is its inversion, in
    which the bounds are means of subsets (Hartigan 1969). Below six clusters nothing is ever significant.

    >>> signs_test([(1, 0.5)] * 6).p_value
    0.03125
    """
    count = len(clusters)
    if count <= _SIGNS_TRIED:
        chosen: Sequence[int] = range(1, 2**count)
    else:
        drawn = random.Random(seed)
        everyone = 2**count - 1
        chosen = [drawn.getrandbits(count) or everyone for _draw in range(draws - 1)]
    whole = sum(total for _size, total in clusters)
    subsets = list(_sums(clusters, chosen))
    limit = abs(whole) - _CLOSE * max(1e-300, sum(abs(total) for _size, total in clusters))
    # The signs of a subset turned give whole - 2 · its sum. No sign turned is the one observed.
    beyond = 1 + sum(abs(whole - 2 * total) >= limit for _size, total in subsets)
    p_value = min(1.0, beyond / (len(subsets) + 1))
    outside = math.floor(SIGNIFICANCE / 2 * (len(subsets) + 1))
    if outside < 1:
        return SignsTest(p_value=p_value, interval=None)
    means = sorted(total / size for size, total in subsets)
    bounds = Bounds(low=means[outside - 1], high=means[-outside], method="bootstrap")
    return SignsTest(p_value=p_value, interval=bounds)


def _sums(clusters: Sequence[Cluster], chosen: Sequence[int]) -> list[Cluster]:
    """Size and sum of each subset, which is named by the bits of a number."""
    tables = [_table(clusters[at : at + 8]) for at in range(0, len(clusters), 8)]
    sums: list[Cluster] = []
    for bits in chosen:
        size, total, rest = 0, 0.0, bits
        for table in tables:
            more, sum_ = table[rest & 255]
            size, total, rest = size + more, total + sum_, rest >> 8
        sums.append((size, total))
    return sums


def _table(clusters: Sequence[Cluster]) -> list[Cluster]:
    """Size and sum of every subset of up to eight clusters, by its bits."""
    table: list[Cluster] = [(0, 0.0)]
    for size, total in clusters:
        table += [(size + before, total + sum_) for before, sum_ in table]
    return table
