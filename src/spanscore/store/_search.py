"""Full text over the rows, brought up to date before a search and never while rows are written."""

import sqlite3
from typing import Any, Final, cast

from spanscore._json import from_json
from spanscore.store._blocks import fields_of
from spanscore.store._removal import erase_dead
from spanscore.store._rows import RowReader
from spanscore.store._schema import transaction
from spanscore.store._sql import sql
from spanscore.wire.rows import Row

_AT_ONCE: Final = 2_000
"""Rows a transaction: others that write need not wait long for it."""

_NOT_SEARCHED: Final = "context"
"""Says of every row much the same."""


def catch_up(connection: sqlite3.Connection) -> None:
    """Put the words of new rows into the full text, and take those of rows that are gone out of it."""
    while _is_behind(connection):
        with transaction(connection):
            reader = RowReader(connection)
            _forget(connection, reader)
            _learn(connection, reader)
            erase_dead(connection, _AT_ONCE)


def _is_behind(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute(sql("search/is_behind")).fetchone()[0])


def _forget(connection: sqlite3.Connection, reader: RowReader) -> None:
    """A full text without content is told the old text of what it shall forget."""
    stale = connection.execute(sql("search/stale"), (_AT_ONCE,)).fetchall()
    for row, name, block, slot in stale:
        text = words(name, reader.payload(block, slot))
        connection.execute(sql("search/forget"), (row, text))
        connection.execute(sql("mark_dead"), (1 << slot, block))
        connection.execute(sql("search/delete_stale"), (row,))


def _learn(connection: sqlite3.Connection, reader: RowReader) -> None:
    found = connection.execute(sql("search/new_rows"), (_AT_ONCE,)).fetchall()
    for row, name, block, slot in found:
        connection.execute(sql("search/learn"), (row, words(name, reader.payload(block, slot))))
    connection.execute(sql("search/set_searched"), (found[-1][0],) if len(found) == _AT_ONCE else (None,))


def words(name: str, payload: str) -> str:
    """What is searched of a row: its name, and all keys and values of its fields.

    A change of what this gives needs a migration that empties the full text: words are forgotten by it, too.
    """
    found = [name]
    fields = fields_of(payload)
    pending: list[Any] = [from_json(text) for field, text in fields.items() if field != _NOT_SEARCHED]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            found.extend(cast("dict[str, Any]", value))
            pending.extend(cast("dict[str, Any]", value).values())
        elif isinstance(value, list):
            pending.extend(cast("list[Any]", value))
        elif value is not None and not isinstance(value, bool):
            found.append(str(value))
    return "\n".join(found)


def phrase_query(text: str) -> str:
    """The FTS5 query for rows that have every word of the text, whatever characters it has."""
    return " ".join('"' + word.replace('"', '""').replace("\x00", "") + '"' for word in text.split())


def search(connection: sqlite3.Connection, text: str, container: int | None, limit: int) -> list[Row]:
    """Rows of a container, or of all, that have every word of the text, newest first."""
    values = {"query": phrase_query(text), "container": container, "limit": limit}
    return _found(connection, "search/find", values)


def search_logs(connection: sqlite3.Connection, text: str, project: str | None, limit: int) -> list[Row]:
    """Rows of the logs of a project, or of all, that have every word of the text, newest first."""
    values = {"query": phrase_query(text), "project": project, "limit": limit}
    return _found(connection, "search/find_logs", values)


def _found(connection: sqlite3.Connection, query: str, values: dict[str, Any]) -> list[Row]:
    rows = connection.execute(sql(query), values) if values["query"] else ()
    return list(RowReader(connection).rows(rows))
