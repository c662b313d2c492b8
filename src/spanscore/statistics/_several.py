"""Several tests at once, and the verdict on each."""

from collections.abc import Sequence
from typing import Literal

from spanscore.statistics._bounds import SIGNIFICANCE

Verdict = Literal["better", "worse", "no evidence"]


def holm(p_values: Sequence[float]) -> list[float]:
    """p-values adjusted so that the chance of any false alarm among them stays what one test's would be.

    The smallest times m, the next times m - 1 and so on, never falling (Holm 1979).

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    adjusted = [1.0] * len(p_values)
    highest = 0.0
    for rank, index in enumerate(order):
        highest = max(highest, min(1.0, p_values[index] * (len(p_values) - rank)))
        adjusted[index] = highest
    return adjusted


def verdict(gain: float, adjusted_p: float | None) -> Verdict:
    """One word for a difference, of which `gain` says by its sign whether it is for the better.

    >>> verdict(0.04, 0.01), verdict(-0.04, 0.01), verdict(0.04, 0.06)
    ('better', 'worse', 'no evidence')
    """
    if adjusted_p is None or adjusted_p > SIGNIFICANCE or gain == 0:
        return "no evidence"
    return "better" if gain > 0 else "worse"
