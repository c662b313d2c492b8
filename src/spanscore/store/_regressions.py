"""The inputs that an experiment does worst at, compared with its baseline."""

import sqlite3
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from spanscore.store._experiments import find
from spanscore.store._farthest_trial import FarthestTrials
from spanscore.store._figures import lay_out
from spanscore.store._rows import RowReader
from spanscore.store._sql import sql
from spanscore.wire.regressions import Regression
from spanscore.wire.rows import Row

_TOLERANCE: Final = 1e-9
"""Differences up to this are rounding."""


def regressions(
    connection: sqlite3.Connection, experiment_id: str, baseline_id: str, limit: int
) -> list[Regression]:
    """Inputs of which a score fell, the largest fall first. Raises NotFoundError."""
    before = find(connection, baseline_id, None)
    sides = lay_out(connection, find(connection, experiment_id, None), before)
    trials = FarthestTrials(connection=connection, errors=sides.errors)
    values = {"tolerance": _TOLERANCE, "limit": limit}
    falls = connection.execute(sql("regressions"), values).fetchall()
    reader = RowReader(connection)
    return [_regression(reader, trials, list(group)) for _key, group in groupby(falls, itemgetter(0))]


def _regression(reader: RowReader, trials: FarthestTrials, falls: list[Any]) -> Regression:
    key, worst, *_ = falls[0]
    before, now = (
        _row(trials.connection, reader, number)
        for number in (trials.highest(1, worst, key), trials.lowest(0, worst, key))
    )
    return Regression(
        input=now.input,
        expected=now.expected,
        before_output=before.output,
        output=now.output,
        error=None if now.error is None else str(now.error),
        scores={name: (before_value, value) for _, name, before_value, value in falls},
        before_trace_id=before.root_span_id,
        trace_id=now.root_span_id,
    )


def _row(connection: sqlite3.Connection, reader: RowReader, number: int) -> Row:
    return reader.row(connection.execute(sql("figures/row"), (number,)).fetchone())
