"""What several trials of one input say."""

import math
from dataclasses import dataclass


def pass_at_k(count: int, right: int, k: int) -> float:
    """The chance that of k out of `count` trials at least one is right: 1 - C(n - c, k) / C(n, k).

    Unbiased (Chen and others 2021, arXiv 2107.03374). Needs k ≤ count.

    >>> round(pass_at_k(5, 2, 2), 3)
    0.7
    """
    return 1.0 - _ratio(count - right, count, k)


def pass_hat_k(count: int, right: int, k: int) -> float:
    """The chance that k out of `count` trials are all right: C(c, k) / C(n, k), τ-bench's pass^k.

    Yao and others 2024, arXiv 2406.12045. Needs k ≤ count.

    >>> round(pass_hat_k(5, 4, 2), 3)
    0.6
    """
    return _ratio(right, count, k)


def _ratio(part: int, count: int, k: int) -> float:
    return math.comb(part, k) / math.comb(count, k)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialFigures:
    """Means over inputs of pass@k and pass^k, and the spread between trials of one input.

    `pass_at_k` and `pass_hat_k` are None unless all values are 0 or 1. `deviation_within` pools the inputs:
    √(Σ (n_i - 1) s_i² / Σ (n_i - 1)). `per_input` is the mean number of trials.
    """

    k: int
    pass_at_k: float | None
    pass_hat_k: float | None
    deviation_within: float | None
    per_input: float


class RunningTrials:
    """Figures of trials, the inputs coming one by one; `k` is how many trials each has at least.

    >>> trials = RunningTrials(2)
    >>> trials.add(2, total=1.0, squares=1.0, is_binary=True)
    >>> trials.add(2, total=2.0, squares=2.0, is_binary=True)
    >>> trials.figures()
    TrialFigures(k=2, pass_at_k=1.0, pass_hat_k=0.5, deviation_within=0.5, per_input=2.0)
    """

    __slots__ = ("_at", "_freedom", "_hat", "_inputs", "_is_binary", "_squares", "k")

    def __init__(self, k: int) -> None:
        self.k: int = k
        self._inputs = self._freedom = 0
        self._at = self._hat = self._squares = 0.0
        self._is_binary = True

    def add(self, count: int, *, total: float, squares: float, is_binary: bool) -> None:
        """Take in the trials of one input."""
        self._inputs += 1
        self._freedom += count - 1
        if count > 1:
            self._squares += max(0.0, squares - total * total / count)
        self._is_binary = self._is_binary and is_binary
        if self._is_binary:
            self._at += pass_at_k(count, round(total), self.k)
            self._hat += pass_hat_k(count, round(total), self.k)

    def figures(self) -> TrialFigures:
        """What the inputs taken in say; there must have been one."""
        return TrialFigures(
            k=self.k,
            pass_at_k=self._at / self._inputs if self._is_binary else None,
            pass_hat_k=self._hat / self._inputs if self._is_binary else None,
            deviation_within=math.sqrt(self._squares / self._freedom) if self._freedom else None,
            per_input=(self._freedom + self._inputs) / self._inputs,
        )
