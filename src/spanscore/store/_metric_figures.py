"""What the cases of an experiment took: time, tokens, money."""

import sqlite3
from typing import Final

from spanscore.statistics import Estimate, RunningSample
from spanscore.store._differences import interval_of, metric_differences
from spanscore.store._figures import Sides, lay_out_metrics
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
    known = _means(connection, 0)
    before = _means(connection, 1)
    names = [name for name in _UNITS if name in known]
    differences = metric_differences(connection, sides, names)
    return by_name(
        _summary(name, _estimate(connection, name), before.get(name), differences.get(name)) for name in names
    )


def _means(connection: sqlite3.Connection, side: int) -> dict[str, float]:
    return dict(connection.execute(sql("figures/metric_means"), {"side": side}))


def _estimate(connection: sqlite3.Connection, name: str) -> Estimate:
    sample = RunningSample()
    values = {"is_metric": True, "name": name}
    for cluster, count, total, squares, _is_binary in connection.execute(
        sql("figures/inputs_of_score"), values
    ):
        sample.add_sums(count, total, squares, is_binary=False, cluster=cluster)
    return sample.estimate()


def _summary(
    name: str, estimate: Estimate, baseline_mean: float | None, difference: Difference | None
) -> MetricSummary:
    assert estimate.mean is not None
    return MetricSummary(
        name=name,
        unit=_UNITS[name],
        mean=estimate.mean,
        total=estimate.total,
        count=estimate.count,
        standard_deviation=estimate.standard_deviation,
        standard_error=estimate.standard_error,
        interval=interval_of(estimate.interval),
        baseline_mean=baseline_mean,
        difference=difference,
    )
