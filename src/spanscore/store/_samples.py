"""Samples and pairs of one score or metric out of the scratch tables, summed up by SQL if they are many."""

import sqlite3
from dataclasses import dataclass
from typing import Any

from spanscore.statistics import (
    ENOUGH,
    ClusterSums,
    Estimate,
    PairedDifference,
    PairSums,
    RunningPairs,
    RunningSample,
)
from spanscore.store._figures import TOLERANCE
from spanscore.store._sql import sql


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A score, or a metric, and between what a value of it can lie.

    `is_clustered` says that there are cases which belong with others; their values are read one by one.
    """

    name: str
    is_metric: bool = False
    limits: tuple[float, float] | None = None
    is_clustered: bool = False

    def query(self, score: str, metric: str) -> str:
        """The text of the query for scores, or of that for metrics."""
        return sql(f"figures/{metric if self.is_metric else score}")


def estimate(connection: sqlite3.Connection, figure: Figure, near: float) -> Estimate:
    """What the experiment's values say of their mean, which is about `near`."""
    if not figure.is_clustered:
        values = {"name": figure.name, "near": near}
        query = figure.query("sums_of_score", "sums_of_metric")
        inputs, count, total, squares, cross, sizes, spread, whole, is_binary = connection.execute(
            query, values
        ).fetchone()
        if inputs >= ENOUGH:
            sums = ClusterSums(
                clusters=inputs,
                count=count,
                near=near,
                total=total,
                squares=squares,
                cross=cross,
                sizes=sizes,
            )
            sample = RunningSample.from_sums(
                sums, squares=spread, total=whole, is_binary=bool(is_binary), limits=figure.limits
            )
            return sample.estimate()
    return _estimate_one_by_one(connection, figure)


def _estimate_one_by_one(connection: sqlite3.Connection, figure: Figure) -> Estimate:
    sample = RunningSample(limits=figure.limits)
    query = figure.query("inputs_of_score", "inputs_of_metric")
    for cluster, count, total, squares, is_binary in connection.execute(query, {"name": figure.name}):
        sample.add_sums(count, total, squares, is_binary=bool(is_binary), cluster=cluster)
    return sample.estimate()


def difference(connection: sqlite3.Connection, figure: Figure) -> PairedDifference | None:
    """The difference over the inputs of both sides, None without any."""
    limits = None if figure.limits is None else (-1.0, 1.0)
    if not figure.is_clustered:
        values = {"name": figure.name, "tolerance": TOLERANCE}
        query = figure.query("sums_of_pairs", "sums_of_metric_pairs")
        found: tuple[Any, ...] = connection.execute(query, values).fetchone()
        if found[0] >= ENOUGH:
            pairs, before, differences, squares, rose, fell, is_binary = found
            sums = PairSums(
                pairs=pairs,
                baseline=before,
                difference=differences,
                squares=squares,
                rose=rose,
                fell=fell,
                is_binary=bool(is_binary),
            )
            return RunningPairs.from_sums(sums, limits=limits).difference()
    return _difference_one_by_one(connection, figure, limits)


def _difference_one_by_one(
    connection: sqlite3.Connection, figure: Figure, limits: tuple[float, float] | None
) -> PairedDifference | None:
    pairs = RunningPairs(limits=limits)
    query = figure.query("pairs", "metric_pairs")
    for before, now, cluster, is_repeated in connection.execute(query, {"name": figure.name}):
        value = before if abs(now - before) <= TOLERANCE else now
        pairs.add(before, value, cluster=cluster, is_repeated=bool(is_repeated))
    return pairs.difference()
