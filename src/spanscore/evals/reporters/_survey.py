"""One look at all cases of an experiment: the worst of them, and how its scores are spread."""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from spanscore.evals.reporters._case_report import CaseReport

BINS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """The worst cases with their numbers from 1, the worst first; how many there are besides.

    `spread` counts for each score the cases in each tenth of 0..1, 1 itself in the last.
    """

    worst: Sequence[tuple[int, CaseReport]]
    left_out: int
    spread: dict[str, list[int]]


def survey(cases: Iterable[CaseReport], *, most: int) -> Survey:
    """Look at the cases once; at most `most` are held at a time. Failed ones are worse than any score."""
    spread: dict[str, list[int]] = {}
    # A heap with the best of the worst on top, which gives way to a worse one.
    kept: list[tuple[tuple[int, float, int], int, CaseReport]] = []
    seen = 0
    for case in cases:
        seen += 1
        _count(case, spread)
        entry = (_badness(case, seen), seen, case)
        if len(kept) < most:
            heapq.heappush(kept, entry)
        elif most:
            heapq.heappushpop(kept, entry)
    kept.sort(reverse=True)
    worst = [(number, case) for _, number, case in kept]
    return Survey(worst=worst, left_out=seen - len(worst), spread=spread)


def _badness(case: CaseReport, number: int) -> tuple[int, float, int]:
    """The larger, the worse; of equal ones the earlier case is worse."""
    score = case.mean_score
    return (int(case.is_failed), -1.0 if score is None else -score, -number)


def _count(case: CaseReport, spread: dict[str, list[int]]) -> None:
    for name, score in case.scores.items():
        if score is not None:
            bins = spread.setdefault(name, [0] * BINS)
            bins[min(BINS - 1, max(0, int(score * BINS)))] += 1
