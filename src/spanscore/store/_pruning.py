"""Deleting: single rows, old logs, whole experiments; and giving the space back."""

import re
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, Final

from spanscore.store._removal import erase_dead, remove
from spanscore.store._rows import Place
from spanscore.store._schema import transaction
from spanscore.store._search import catch_up
from spanscore.store._sql import sql

_AT_ONCE: Final = 1_000
"""Rows a transaction: others that write need not wait long for it."""


def delete_rows(connection: sqlite3.Connection, container: int, ids: Iterable[str]) -> int:
    """Delete rows of a container by their ids; how many there were."""
    deleted = 0
    with transaction(connection):
        for row_id in ids:
            if re.fullmatch("[0-9a-f]{16}", row_id):
                values = (container, bytes.fromhex(row_id))
                found = connection.execute(sql("pruning/rows_by_id"), values).fetchall()
                _delete(connection, found)
                deleted += len(found)
    clean_up(connection)
    return deleted


def delete_old(connection: sqlite3.Connection, before_ns: int) -> int:
    """Delete traces of logs that ended before this moment; how many rows they had."""
    deleted = _delete_all(connection, "pruning/old_rows", {"before_ns": before_ns})
    clean_up(connection)
    return deleted


def delete_experiment(connection: sqlite3.Connection, experiment_id: str, container: int | None) -> int:
    """Delete an experiment with its rows; how many there were."""
    with transaction(connection):
        connection.execute(sql("pruning/delete_experiment"), (experiment_id,))
        connection.execute(sql("delete_summary_scores"), (experiment_id,))
        connection.execute(sql("pruning/delete_updates"), (container,))
    deleted = _delete_all(connection, "pruning/rows_of_container", {"container": container})
    clean_up(connection)
    return deleted


def clean_up(connection: sqlite3.Connection) -> None:
    """Take deleted words out of the full text, erase deleted payloads, give free pages back to the disk."""
    catch_up(connection)
    is_done = False
    while not is_done:
        with transaction(connection):
            is_done = erase_dead(connection, _AT_ONCE) < _AT_ONCE
    # A page a step: `execute` takes one step alone of what yields no columns.
    connection.executescript("PRAGMA incremental_vacuum")


def _delete_all(connection: sqlite3.Connection, query: str, values: dict[str, Any]) -> int:
    deleted = 0
    while True:
        with transaction(connection):
            found = connection.execute(sql(query), {**values, "limit": _AT_ONCE}).fetchall()
            _delete(connection, found)
        deleted += len(found)
        if len(found) < _AT_ONCE:
            return deleted


def _delete(connection: sqlite3.Connection, found: Sequence[tuple[Any, ...]]) -> None:
    searched = connection.execute(sql("counters")).fetchone()[-1]
    for columns in found:
        place = Place.of(columns)
        connection.execute(sql("pruning/delete_updates_of_row"), place.key)
        remove(connection, place, is_searched=place.row <= searched)
