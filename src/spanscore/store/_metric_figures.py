"""What the cases of an experiment took, time, tokens and money, and what a program has logged of them."""

import sqlite3
from typing import Final

from spanscore.statistics import Estimate
from spanscore.store._differences import interval_of, metric_differences
from spanscore.store._figures import Sides, lay_out_metrics
from spanscore.store._samples import Figure, estimate
from spanscore.store._sql import sql
from spanscore.wire.summaries import Difference, MetricSummary, by_name

_UNITS: Final = {
    "duration": "s",
    "tokens": "tok",
    "prompt_tokens": "tok",
    "completion_tokens": "tok",
    "estimated_cost": "$",
}


def metrics(connection: sqlite3.Connection, sides: Sides) -> dict[str, MetricSummary]:
    """The figures of each metric that some case has, by name; fills the scratch tables for them."""
    lay_out_metrics(connection, sides)
    means, before = _means(connection, 0), _means(connection, 1)
    figures = [Figure(name=name, is_metric=True, is_clustered=sides.has_clusters) for name in means]
    differences = metric_differences(connection, sides, figures)
    return by_name(
        _summary(
            each.name,
            estimate(connection, each, means[each.name]),
            before.get(each.name),
            differences.get(each.name),
        )
        for each in figures
    )


def _means(connection: sqlite3.Connection, side: int) -> dict[str, float]:
    """The mean of each metric over the cases that have it."""
    found = connection.execute(sql("figures/metric_totals"), (side,))
    means = {name: total / count for name, count, total in found}
    # Those that the program has logged come by name behind those that are always measured.
    return {
        name: means[name]
        for name in [*_UNITS, *(each for each in means if each not in _UNITS)]
        if name in means
    }


def _summary(
    name: str, known: Estimate, baseline_mean: float | None, difference: Difference | None
) -> MetricSummary:
    assert known.mean is not None
    return MetricSummary(
        name=name,
        unit=_UNITS.get(name, ""),
        mean=known.mean,
        total=known.total,
        count=known.count,
        standard_deviation=known.standard_deviation,
        standard_error=known.standard_error,
        interval=interval_of(known.interval),
        baseline_mean=baseline_mean,
        difference=difference,
    )
