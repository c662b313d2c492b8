"""How scores and metrics differ from the baseline's, over the inputs that both experiments have."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import replace

from spanscore.statistics import Bounds, PairedDifference, holm, verdict
from spanscore.store._figures import Sides
from spanscore.store._samples import Figure, difference
from spanscore.store._sql import sql
from spanscore.wire.summaries import Difference, Interval


def score_differences(
    connection: sqlite3.Connection, sides: Sides, figures: Iterable[Figure]
) -> dict[str, Difference]:
    """The difference of each score that has pairs; a higher score is better."""
    failed: set[str] = set()
    if sides.errors == "fail":
        failed = {name for (name,) in connection.execute(sql("figures/failures"))}
    return _judged(_found(connection, sides, [each for each in figures if each.name not in failed]))


def metric_differences(
    connection: sqlite3.Connection, sides: Sides, figures: Iterable[Figure]
) -> dict[str, Difference]:
    """The difference of each metric that has pairs; less of it is better."""
    found = _found(connection, sides, figures)
    return _judged({name: _turned(each) for name, each in found.items()}, gain=-1)


def _found(connection: sqlite3.Connection, sides: Sides, figures: Iterable[Figure]) -> dict[str, Difference]:
    if sides.baseline is None:
        return {}
    found = {each.name: difference(connection, each) for each in figures}
    return {name: _difference(each) for name, each in found.items() if each is not None}


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


def _turned(found: Difference) -> Difference:
    """For what is better when there is less of it."""
    return replace(found, improvements=found.regressions, regressions=found.improvements)


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
