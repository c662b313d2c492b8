"""How far an eval is."""

from collections.abc import Callable
from time import monotonic

from spanscore._counted import counted
from spanscore.evals._result import EvalResult
from spanscore.evals.reporters._text import dollars, time_left


class Course:
    """Counts the finished cases of `total` (None: nobody knows), those that failed, and what they cost.

    >>> course = Course(4, clock=iter([0.0, 30.0]).__next__)
    >>> course.finished, course.failed, course.cost = 3, 1, 0.25
    >>> course.words()
    '3 of 4 cases finished, 1 failed, $0.2500, 10 s left'
    """

    def __init__(self, total: int | None, *, clock: Callable[[], float] = monotonic) -> None:
        self.total = total
        self.finished = self.failed = 0
        self.cost = 0.0
        self._clock = clock
        self._started = clock()

    def add(self, result: EvalResult) -> None:
        """Count a finished case."""
        self.finished += 1
        self.failed += bool(result.error is not None or result.scorer_errors)
        self.cost += result.metrics.get("estimated_cost", 0.0)

    def words(self) -> str:
        """The counts on one line."""
        finished = counted(self.finished if self.total is None else self.total, "case")
        of_total = finished if self.total is None else f"{self.finished:,} of {finished}"
        return ", ".join([f"{of_total} finished", *self.asides(), *self._left()])

    def asides(self) -> list[str]:
        """What there is to tell beside the count: failures, and the cost if there is one."""
        failed = [f"{self.failed} failed"] if self.failed else []
        return failed + ([dollars(self.cost)] if self.cost else [])

    def _left(self) -> list[str]:
        if self.total is None or not self.finished or self.finished >= self.total:
            return []
        each_s = (self._clock() - self._started) / self.finished
        return [f"{time_left(each_s * (self.total - self.finished))} left"]
