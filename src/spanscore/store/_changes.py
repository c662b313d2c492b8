"""Single inputs of an experiment: that changed, that the baseline has not, that score lowest."""

import math
import sqlite3
from collections.abc import Iterable
from typing import Any

from spanscore.store._experiments import find
from spanscore.store._farthest_trial import FarthestTrials
from spanscore.store._figures import TOLERANCE, lay_out, lay_out_outcomes
from spanscore.store._rows import RowReader
from spanscore.store._sql import sql
from spanscore.store.listings import CaseChange, InputScore, UnmatchedInput
from spanscore.wire.rows import Row


def case_changes(
    connection: sqlite3.Connection, experiment_id: str, baseline_id: str, score: str, limit: int
) -> list[CaseChange]:
    """Matched inputs whose score differs most, regressions first. Raises NotFoundError."""
    trials = _laid_out(connection, experiment_id, baseline_id)
    values = {"name": score, "tolerance": TOLERANCE, "limit": limit}
    found = connection.execute(sql("figures/changes"), values).fetchall()
    reader = RowReader(connection)
    return [_change(reader, trials, columns) for columns in found]


def largest_changes(
    connection: sqlite3.Connection, experiment_id: str, baseline_id: str, scores: Iterable[str], limit: int
) -> dict[str, list[CaseChange]]:
    """For each score the largest falls, then the largest rises, at most `limit` of either."""
    trials = _laid_out(connection, experiment_id, baseline_id)
    reader = RowReader(connection)
    found: dict[str, list[CaseChange]] = {}
    for name in scores:
        changes = found[name] = []
        for sign in (1, -1):
            values = {"name": name, "tolerance": TOLERANCE, "limit": limit, "sign": sign}
            rows = connection.execute(sql("figures/largest_changes"), values).fetchall()
            changes += [_change(reader, trials, columns) for columns in rows]
    return found


def _laid_out(connection: sqlite3.Connection, experiment_id: str, baseline_id: str) -> FarthestTrials:
    before = find(connection, baseline_id, None)
    sides = lay_out(connection, find(connection, experiment_id, None), before)
    return FarthestTrials(connection=connection, errors=sides.errors)


def _change(reader: RowReader, trials: FarthestTrials, columns: tuple[Any, ...]) -> CaseChange:
    before_value, value, name, key, has_failed_before, has_failed = columns
    if value < before_value:
        numbers = trials.lowest(0, name, key), trials.highest(1, name, key)
    else:
        numbers = trials.highest(0, name, key), trials.lowest(1, name, key)
    row, before = (_row(trials.connection, reader, number) for number in numbers)
    return CaseChange(
        input=row.input,
        baseline_value=before_value,
        value=value,
        baseline_trace_id=before.root_span_id,
        trace_id=row.root_span_id,
        baseline_errored=bool(has_failed_before),
        errored=bool(has_failed),
    )


def unmatched_inputs(
    connection: sqlite3.Connection, experiment_id: str, baseline_id: str, limit: int
) -> tuple[list[UnmatchedInput], list[UnmatchedInput]]:
    """Inputs of the experiment alone, and of the baseline alone; at most `limit` of either."""
    lay_out_outcomes(connection, find(connection, experiment_id, None), find(connection, baseline_id, None))
    reader = RowReader(connection)
    here, there = (
        [
            UnmatchedInput(input=row.input, cases=cases, errors=errors, trace_id=row.root_span_id)
            for number, cases, errors in connection.execute(
                sql("figures/unmatched"), {"side": side, "limit": limit}
            ).fetchall()
            if (row := _row(connection, reader, number))
        ]
        for side in (0, 1)
    )
    return here, there


def input_scores(
    connection: sqlite3.Connection, experiment_id: str, score: str, limit: int
) -> list[InputScore]:
    """What the trials of each input say, the lowest mean first. Raises NotFoundError."""
    sides = lay_out(connection, find(connection, experiment_id, None), None)
    trials = FarthestTrials(connection=connection, errors=sides.errors)
    found = connection.execute(sql("figures/inputs"), {"name": score, "limit": limit}).fetchall()
    reader = RowReader(connection)
    return [
        _input_score(_row(connection, reader, trials.lowest(0, name, key)), *figures)
        for name, key, *figures in found
    ]


def _input_score(row: Row, count: int, total: float, squares: float, has_failed: int) -> InputScore:
    spread = max(0.0, squares - total * total / count)
    return InputScore(
        input=row.input,
        trials=count,
        mean=total / count,
        standard_deviation=math.sqrt(spread / (count - 1)) if count > 1 else None,
        errored=bool(has_failed),
        trace_id=row.root_span_id,
    )


def _row(connection: sqlite3.Connection, reader: RowReader, number: int) -> Row:
    return reader.row(connection.execute(sql("figures/row"), (number,)).fetchone())
