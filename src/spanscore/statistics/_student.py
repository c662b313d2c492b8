"""Student's t distribution and the incomplete beta function behind it and behind the binomial."""

import math
from typing import Final

_TINY: Final = 1e-300
_PRECISION: Final = 1e-15
_MOST_STEPS: Final = 100_000


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b), for a, b > 0 and x in 0..1.

    By its continued fraction (DLMF 8.17.22), on the side of the mean where that converges quickly.

    >>> round(incomplete_beta(2.0, 3.0, 0.5), 6)
    0.6875
    """
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    if x > (a + 1) / (a + b + 2):
        return 1.0 - incomplete_beta(b, a, 1.0 - x)
    logarithm = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return min(1.0, math.exp(logarithm) / (a * _fraction(a, b, x)))


def _fraction(a: float, b: float, x: float) -> float:
    """1 + d1/(1 + d2/(1 + …)) by the modified method of Lentz."""
    value, above, below = 1.0, 1.0, 0.0
    for step in range(1, _MOST_STEPS):
        half = step // 2
        if step % 2:
            term = -(a + half) * (a + b + half) * x / ((a + step - 1) * (a + step))
        else:
            term = half * (b - half) * x / ((a + step - 1) * (a + step))
        below = 1.0 / _not_zero(1.0 + term * below)
        above = _not_zero(1.0 + term / above)
        value *= above * below
        if abs(above * below - 1.0) < _PRECISION:
            break
    return value


def _not_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def t_tails(t: float, freedom: float) -> float:
    """P(|T| ≥ |t|) for Student's t with so many degrees of freedom: the two-sided p-value.

    >>> round(t_tails(2.228, 10), 3)
    0.05
    """
    if math.isinf(t):
        return 0.0
    return incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t))


def t_quantile(probability: float, freedom: float) -> float:
    """The t below which Student's distribution has this probability, in 0..1 without its ends.

    >>> round(t_quantile(0.975, 10), 3)
    2.228
    """
    if probability < 0.5:
        return -t_quantile(1.0 - probability, freedom)
    tails = 2.0 * (1.0 - probability)
    # The tails fall ever more slowly, so that Newton's method comes from the left and never goes too far.
    t = 0.0
    while True:
        step = (t_tails(t, freedom) - tails) / (2.0 * _density(t, freedom))
        t += step
        if step <= _PRECISION * t:
            return t


def _density(t: float, freedom: float) -> float:
    logarithm = math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)
    logarithm -= (freedom + 1) / 2 * math.log1p(t * t / freedom)
    return math.exp(logarithm) / math.sqrt(freedom * math.pi)
