"""Versions of datasets: which transaction a text means, and the names that versions have."""

import re
import sqlite3
import uuid
from typing import Any, Final

from spanscore.errors import ConfigError, NotFoundError
from spanscore.store._dataset_catalog import dataset_number
from spanscore.store._sql import sql
from spanscore.store._times import iso
from spanscore.wire.datasets import DatasetSnapshot

_TRANSACTION: Final = re.compile("[0-9]+")


def transaction_of(connection: sqlite3.Connection, dataset_id: str, version: str | None) -> int:
    """The transaction that a version is: a number as text, the name of a snapshot, or None for the newest.

    Raises NotFoundError for what the dataset does not have, or not yet.
    """
    dataset = dataset_number(connection, dataset_id)
    newest: int = connection.execute(sql("datasets/xact")).fetchone()[0]
    if version is None:
        return newest
    if not _TRANSACTION.fullmatch(version):
        return int(_named(connection, dataset, version).version)
    if int(version) > newest:
        last = connection.execute(sql("datasets/version"), {"dataset": dataset, "xact": newest}).fetchone()[0]
        raise NotFoundError(f"the dataset has no version {version}; its newest is {last or 'the empty one'}")
    return int(version)


def newest_version(connection: sqlite3.Connection, dataset_id: str, version: str | None) -> str | None:
    """The newest transaction of the dataset in a version; None where nothing was written by then."""
    values = {
        "dataset": dataset_number(connection, dataset_id),
        "xact": transaction_of(connection, dataset_id, version),
    }
    newest = connection.execute(sql("datasets/version"), values).fetchone()[0]
    return None if newest is None else str(newest)


def add_snapshot(
    connection: sqlite3.Connection,
    dataset_id: str,
    name: str,
    version: str,
    *,
    description: str | None,
    now_ns: int,
) -> DatasetSnapshot:
    """Give a version a name; again with the same version it stays as it is. Inside a transaction."""
    dataset = dataset_number(connection, dataset_id)
    if not name.strip() or _TRANSACTION.fullmatch(name):
        raise ConfigError(f"a snapshot cannot be called {name!r}; give a name that is no number")
    number = transaction_of(connection, dataset_id, version)
    found = connection.execute(sql("datasets/snapshot_by_name"), (dataset, name)).fetchone()
    if found is None:
        values = (str(uuid.uuid4()), dataset, name, number, description, now_ns)
        connection.execute(sql("datasets/insert_snapshot"), values)
        return _named(connection, dataset, name)
    there = _snapshot(found)
    if there.version != str(number):
        raise ConfigError(
            f"the snapshot {name!r} is version {there.version} already, and stays it; choose another name"
        )
    return there


def snapshots(connection: sqlite3.Connection, dataset_id: str) -> list[DatasetSnapshot]:
    """Snapshots of a dataset, the oldest first."""
    dataset = dataset_number(connection, dataset_id)
    return [_snapshot(columns) for columns in connection.execute(sql("datasets/snapshots"), (dataset,))]


def _named(connection: sqlite3.Connection, dataset: int, name: str) -> DatasetSnapshot:
    found = connection.execute(sql("datasets/snapshot_by_name"), (dataset, name)).fetchone()
    if found is None:
        known = ", ".join(repr(each[1]) for each in connection.execute(sql("datasets/snapshots"), (dataset,)))
        raise NotFoundError(f"the dataset has no snapshot {name!r}; it has {known or 'none'}")
    return _snapshot(found)


def _snapshot(columns: tuple[Any, ...]) -> DatasetSnapshot:
    id_, name, xact, created_ns, description = columns
    return DatasetSnapshot(
        id=id_, name=name, version=str(xact), created=iso(created_ns), description=description
    )
