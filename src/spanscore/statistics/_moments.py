"""Mean, spread and standard error of numbers that come one by one."""

import math
from collections.abc import Iterable


class RunningMoments:
    """Count, mean and sum of squared deviations of the numbers added so far, without keeping them.

    Welford's recurrence, which does not lose the digits that `n Σx² - (Σx)²` loses; two accumulators merge
    by the formula of Chan, Golub and LeVeque (1983).

    >>> moments = RunningMoments([0.0, 0.5, 1.0])
    >>> moments.mean, moments.standard_deviation
    (0.5, 0.5)
    """

    __slots__ = ("_mean", "_squares", "count")

    def __init__(self, values: Iterable[float] = ()) -> None:
        self.count: int = 0
        self._mean = 0.0
        self._squares = 0.0
        for value in values:
            self.add(value)

    @classmethod
    def from_sums(cls, count: int, total: float, total_of_squares: float) -> "RunningMoments":
        """The moments behind n, Σx and Σx², as a database has them; good for numbers as small as scores."""
        moments = cls()
        if count > 0:
            moments.count = count
            moments._mean = total / count
            moments._squares = max(0.0, total_of_squares - total * moments._mean)
        return moments

    @classmethod
    def from_deviations(cls, count: int, mean: float, squares: float) -> "RunningMoments":
        """The moments behind n, x̄ and Σ(x - x̄)²."""
        moments = cls()
        moments.count, moments._mean, moments._squares = count, mean, max(0.0, squares)
        return moments

    def add(self, value: float) -> None:
        """Take one number in."""
        self.count += 1
        deviation = value - self._mean
        self._mean += deviation / self.count
        self._squares += deviation * (value - self._mean)

    def merge(self, other: "RunningMoments") -> None:
        """Take in all numbers of another accumulator."""
        if other.count == 0:
            return
        count = self.count + other.count
        deviation = other._mean - self._mean
        self._mean += deviation * other.count / count
        self._squares += other._squares + deviation * deviation * self.count * other.count / count
        self.count = count

    @property
    def mean(self) -> float | None:
        """x̄ = Σx / n; None of no numbers."""
        return self._mean if self.count else None

    @property
    def standard_deviation(self) -> float | None:
        """That of the sample, s = √(Σ(x - x̄)² / (n - 1)); None below two numbers."""
        return math.sqrt(self._squares / (self.count - 1)) if self.count > 1 else None

    @property
    def standard_error(self) -> float | None:
        """That of the mean, s / √n (Miller 2024, arXiv 2411.00640, section 2.1); None below two numbers."""
        deviation = self.standard_deviation
        return None if deviation is None else deviation / math.sqrt(self.count)


def mean(values: Iterable[float]) -> float | None:
    """x̄ = Σx / n; None of no numbers."""
    return RunningMoments(values).mean


def standard_deviation(values: Iterable[float]) -> float | None:
    """That of the sample, s = √(Σ(x - x̄)² / (n - 1)); None below two numbers."""
    return RunningMoments(values).standard_deviation


def standard_error(values: Iterable[float]) -> float | None:
    """That of the mean, s / √n (Miller 2024, arXiv 2411.00640, section 2.1); None below two numbers."""
    return RunningMoments(values).standard_error
