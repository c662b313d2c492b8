"""The finished trials of an experiment, one by one."""

import sqlite3
from collections.abc import Iterator
from typing import Any, Final

from spanscore.errors import NotFoundError
from spanscore.store._containers import find_container
from spanscore.store._rows import RowReader
from spanscore.store._sql import sql
from spanscore.wire.parent import Parent, ParentKind
from spanscore.wire.rows import Row
from spanscore.wire.trials import Fingerprints, FinishedTrial

_COLUMNS_OF_ROW: Final = 12


def finished_trials(connection: sqlite3.Connection, experiment_id: str) -> Iterator[FinishedTrial]:
    """The newest attempt at each trial whose eval span is stored, oldest first. Raises NotFoundError."""
    reader = RowReader(connection)
    for columns in _newest(connection, experiment_id):
        root = reader.row(columns[:_COLUMNS_OF_ROW])
        yield _finished(root, columns[_COLUMNS_OF_ROW:])


def finished_traces(connection: sqlite3.Connection, experiment_id: str) -> Iterator[list[Row]]:
    """The rows of each such trial, the eval span's first, then by the time they began."""
    roots, below = RowReader(connection), RowReader(connection)
    for columns in _newest(connection, experiment_id):
        root = roots.row(columns[:_COLUMNS_OF_ROW])
        rows = connection.execute(sql("rows_of_trace"), (columns[2],)).fetchall()
        yield [root, *(below.row(each) for each in rows if each[1] == columns[1] and each[0] != columns[0])]


def _newest(connection: sqlite3.Connection, experiment_id: str) -> Iterator[tuple[Any, ...]]:
    container = find_container(connection, Parent(ParentKind.EXPERIMENT_ID, experiment_id))
    if container is None:
        raise NotFoundError(f"the store has no experiment {experiment_id}")
    # A small cache: what SQLite sorts lies on disk, and memory stays flat for an experiment of any size.
    connection.execute("PRAGMA temp.cache_size = -500")
    return connection.execute(sql("finished/trials"), {"container": container})


def _finished(root: Row, columns: tuple[Any, ...]) -> FinishedTrial:
    case_key, trial, attempt, is_error, is_scorer_error, lowest = columns
    return FinishedTrial(
        case_key=case_key.hex(),
        trial=trial,
        attempt=attempt,
        is_error=bool(is_error),
        is_scorer_error=bool(is_scorer_error),
        lowest_score=lowest,
        fingerprints=Fingerprints.read(root.metadata),
        trace_id=root.root_span_id,
    )
