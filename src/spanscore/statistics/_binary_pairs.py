"""Pairs of values that are 0 or 1: only those that differ tell anything."""

import math

from spanscore.statistics._bounds import Bounds, Z
from spanscore.statistics._student import incomplete_beta


def mcnemar(rose: int, fell: int) -> float:
    """The exact two-sided p-value of McNemar's test: of so many pairs that differ, so many rose and fell.

    If the systems are equal a pair that differs rises with probability ½: twice the smaller tail of the
    binomial distribution (McNemar 1947).

    >>> round(mcnemar(1, 9), 4)
    0.0215
    """
    differing, fewer = rose + fell, min(rose, fell)
    if 2 * fewer == differing:
        return 1.0
    return min(1.0, 2 * incomplete_beta(differing - fewer, fewer + 1, 0.5))


def bonett_price_error(rose: int, fell: int, pairs: int) -> float:
    """The standard error of a paired difference of shares, with one pair more of either kind.

    It is above 0 where no pair differs, and so fit to say what difference a comparison could have shown.
    """
    up, down = (rose + 1) / (pairs + 2), (fell + 1) / (pairs + 2)
    return math.sqrt((up + down - (up - down) ** 2) / (pairs + 2))


def bonett_price_interval(rose: int, fell: int, pairs: int) -> Bounds:
    """The interval of a paired difference of shares: Wald's, with one pair more of either kind.

    Bonett and Price 2012; recommended by Fagerland, Lydersen and Laake 2014 for samples of any size.

    >>> bounds = bonett_price_interval(1, 9, 50)
    >>> round(bounds.low, 3), round(bounds.high, 3)
    (-0.278, -0.03)
    """
    centre = (rose - fell) / (pairs + 2)
    reach = Z * bonett_price_error(rose, fell, pairs)
    return Bounds(low=max(-1.0, centre - reach), high=min(1.0, centre + reach), method="bonett-price")
