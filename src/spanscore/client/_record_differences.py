"""Differences of two lists of records of any length, which a service does not tell."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import asdict
from itertools import islice
from typing import Any, Final

from spanscore._json import canonical_json, from_json, to_json
from spanscore.wire.datasets import DatasetRecord

_ANY_SIZE: Final = 1 << 40
_AT_ONCE: Final = 500
_COMPARED: Final = ("input", "expected", "metadata", "tags")

_TABLES: Final = (
    "CREATE TABLE before (place INTEGER PRIMARY KEY, id TEXT UNIQUE, compared BLOB, record TEXT)",
    "CREATE TABLE after (place INTEGER PRIMARY KEY, id TEXT UNIQUE, compared BLOB, record TEXT)",
)
_QUERIES: Final = (
    "SELECT b.record, NULL FROM before AS b WHERE b.id NOT IN (SELECT id FROM after) ORDER BY b.place",
    "SELECT b.record, a.record FROM after AS a JOIN before AS b USING (id) WHERE a.compared <> b.compared "
    "ORDER BY a.place",
    "SELECT NULL, a.record FROM after AS a WHERE a.id NOT IN (SELECT id FROM before) ORDER BY a.place",
)


def record_differences(
    before: Iterable[DatasetRecord], after: Iterable[DatasetRecord]
) -> Iterator[tuple[DatasetRecord | None, DatasetRecord | None]]:
    """Records that differ, by id: those that are gone, those that changed, those that are new.

    They wait in a temporary file: memory has a few of them.
    """
    # An empty name is a database of SQLite's own, on disk where it grows, that goes when it is closed.
    with closing(sqlite3.connect("", isolation_level=None, check_same_thread=False)) as connection:
        for table in _TABLES:
            connection.execute(table)
        for name, records in (("before", before), ("after", after)):
            rows = map(_row, records)
            while portion := list(islice(rows, _AT_ONCE)):
                query = f"INSERT OR IGNORE INTO {name} (id, compared, record) VALUES (?, ?, ?)"
                connection.executemany(query, portion)
        for query in _QUERIES:
            for old, new in connection.execute(query):
                yield _record(old), _record(new)


def _row(record: DatasetRecord) -> tuple[str, bytes, str]:
    values: dict[str, Any] = asdict(record)
    compared = _text({name: values[name] for name in _COMPARED})
    return record.id, canonical_json(compared), _text(values)


def _text(value: Any) -> str:
    return to_json(value, max_bytes=_ANY_SIZE, redact=False)


def _record(text: str | None) -> DatasetRecord | None:
    return None if text is None else DatasetRecord(**from_json(text))
