"""How scores and metrics differ from the baseline's, over the inputs that both experiments have."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from spanscore.statistics import Bounds, PairedDifference, RunningPairs, holm, verdict
from spanscore.store._figures import TOLERANCE, Sides
from spanscore.store._sql import sql
from spanscore.wire.summaries import Difference, Interval

_OF_SCORES: Final = (-1.0, 1.0)


def score_differences(
    connection: sqlite3.Connection, sides: Sides, names: Iterable[str]
) -> dict[str, Difference]:
    """The difference of each score that has pairs; a higher score is better."""
    if sides.baseline is None:
        return {}
    failed: set[str] = set()
    if sides.errors == "fail":
        failed = {name for (name,) in connection.execute(sql("figures/failures"))}
    found = {name: _pairs(connection, name, limits=_OF_SCORES) for name in names if name not in failed}
    return _judged({name: _difference(each) for name, each in found.items() if each is not None})


def metric_differences(
    connection: sqlite3.Connection, sides: Sides, names: Iterable[str]
) -> dict[str, Difference]:
    """The difference of each metric that has pairs; less of it is better."""
    if sides.baseline is None:
        return {}
    found = {name: _pairs(connection, name, is_metric=True) for name in names}
    falling = {name: _turned(_difference(each)) for name, each in found.items() if each is not None}
    return _judged(falling, gain=-1)


def _pairs(
    connection: sqlite3.Connection,
    name: str,
    *,
    is_metric: bool = False,
    limits: tuple[float, float] | None = None,
) -> PairedDifference | None:
    pairs = RunningPairs(limits=limits)
    query = connection.execute(sql("figures/pairs"), {"is_metric": is_metric, "name": name})
    for before, now, cluster, is_repeated in query:
        value = before if abs(now - before) <= TOLERANCE else now
        pairs.add(before, value, cluster=cluster, is_repeated=bool(is_repeated))
    return pairs.difference()


def _difference(found: PairedDifference) -> Difference:
    comparison = found.comparison
    return Difference(
        baseline_mean=found.baseline_mean,
        mean=found.mean,
        difference=found.difference,
        standard_error=found.standard_error,
        pairs=found.pairs,
        improvements=found.improvements,
        regressions=found.regressions,
        ties=found.ties,
        interval=None if comparison is None else interval_of(comparison.interval),
        test=None if comparison is None else comparison.test,
        p_value=None if comparison is None else comparison.p_value,
        smallest_detectable=None if comparison is None else comparison.smallest_detectable,
    )


def _turned(difference: Difference) -> Difference:
    """For what is better when there is less of it."""
    return replace(difference, improvements=difference.regressions, regressions=difference.improvements)


def _judged(differences: Mapping[str, Difference], *, gain: int = 1) -> dict[str, Difference]:
    """With the p-values adjusted for being several, and the verdicts that follow."""
    tested = {name: each.p_value for name, each in differences.items() if each.p_value is not None}
    adjusted = dict(zip(tested, holm(list(tested.values())), strict=True))
    return {
        name: replace(
            each,
            adjusted_p=adjusted.get(name),
            verdict=verdict(gain * each.difference, adjusted.get(name)),
        )
        for name, each in differences.items()
    }


def interval_of(bounds: Bounds | None) -> Interval | None:
    """Bounds as a summary has them."""
    return None if bounds is None else Interval(low=bounds.low, high=bounds.high, method=bounds.method)
