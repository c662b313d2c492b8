"""Bounds of an interval, and how they were found."""

from dataclasses import dataclass
from typing import Final, Literal

Method = Literal["wilson", "t", "bootstrap", "bonett-price"]

CONFIDENCE: Final = 0.95
SIGNIFICANCE: Final = 0.05
Z: Final = 1.959963984540054
"""The 97.5 % quantile of the normal distribution."""

ENOUGH: Final = 30
"""From so many independent values on a mean is taken as Student's t; fewer are drawn again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """A 95 % confidence interval and the method that it was found by."""

    low: float
    high: float
    method: Method

    def within(self, limits: tuple[float, float] | None) -> "Bounds":
        """These bounds, no further out than what a value can be at all."""
        if limits is None:
            return self
        least, most = limits
        low, high = (min(max(value, least), most) for value in (self.low, self.high))
        return Bounds(low=low, high=high, method=self.method)
