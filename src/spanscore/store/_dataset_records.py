"""Records of datasets: written as transactions, read as of any of them."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final

from spanscore._json import JsonText, canonical_json, from_json
from spanscore.store._attachments import StoredAttachments
from spanscore.store._dataset_catalog import dataset_number
from spanscore.store._dataset_merge import Revision, changed
from spanscore.store._dataset_versions import newest_version, transaction_of
from spanscore.store._sql import sql
from spanscore.wire.datasets import RECORD_FIELDS, DatasetChange, DatasetRecord, DatasetState

PORTION: Final = 500
_PORTION_BYTES: Final = 4 << 20
"""A portion takes no more records from here on."""

Reading = Callable[[], AbstractContextManager[sqlite3.Connection]]
Values = dict[str, Any]
_Place = tuple[int | None, Revision | None]


def write_records(
    connection: sqlite3.Connection,
    attachments: StoredAttachments,
    dataset_id: str,
    changes: Sequence[DatasetChange],
    now: str,
) -> str | None:
    """Make the changes; the transaction, None if they change nothing. Inside a transaction."""
    dataset = dataset_number(connection, dataset_id)
    before: dict[str, _Place] = {}
    after: dict[str, Revision | None] = {}
    for change in changes:
        if change.id not in after:
            before[change.id] = _newest(connection, dataset, change.id)
            after[change.id] = before[change.id][1]
        after[change.id] = changed(after[change.id], change, now)
    new = [(key, revision) for key, revision in after.items() if not _is_same(before[key][1], revision)]
    if not new:
        return None
    connection.execute(sql("datasets/next_xact"))
    xact: int = connection.execute(sql("datasets/xact")).fetchone()[0]
    for key, revision in new:
        assert revision is not None
        place = before[key][0]
        if place is None:
            place = connection.execute(sql("datasets/insert_record"), (dataset, key)).lastrowid
        assert place is not None
        _insert(connection, attachments, (dataset, place, xact), revision)
    return str(xact)


def _newest(connection: sqlite3.Connection, dataset: int, record_id: str) -> _Place:
    found = connection.execute(sql("datasets/place"), (dataset, record_id)).fetchone()
    if found is None:
        return None, None
    created, is_deleted, *texts = connection.execute(sql("datasets/newest_revision"), found).fetchone()
    return found[0], Revision(values=_texts(texts), created=created, is_deleted=bool(is_deleted))


def _is_same(before: Revision | None, after: Revision | None) -> bool:
    """Whether nothing has changed, but perhaps the time."""
    if before is None or after is None:
        return after is None
    return before.is_deleted == after.is_deleted and _canonical(before) == _canonical(after)


def _canonical(revision: Revision) -> dict[str, bytes]:
    return {name: canonical_json(text) for name, text in revision.values.items()}


def _insert(
    connection: sqlite3.Connection,
    attachments: StoredAttachments,
    where: tuple[int, int, int],
    revision: Revision,
) -> None:
    texts = [revision.values.get(name) for name in RECORD_FIELDS]
    columns = (*where, revision.created, revision.is_deleted, *texts)
    number = connection.execute(sql("datasets/insert_revision"), columns).lastrowid
    keys = attachments.take(revision.values.values())
    connection.executemany(sql("datasets/insert_attachment"), [(number, key) for key in keys])


def read_records(
    reading: Reading, dataset_id: str, version: str | None, portion: int | None
) -> Iterator[DatasetRecord]:
    """Records of a version in the order of their places; what comes later is not seen.

    The file is not held between portions: whoever reads slowly keeps nobody waiting, nor the log from
    being folded into the file.
    """
    with reading() as connection:
        values: Values = {
            "dataset": dataset_number(connection, dataset_id),
            "xact": transaction_of(connection, dataset_id, version),
            "limit": portion or PORTION,
            "after": 0,
        }
        found = _portion(connection, "read", values)
    while found:
        for columns in found:
            yield _record(columns)
        values["after"] = found[-1][0]
        with reading() as connection:
            found = _portion(connection, "read", values)


def differences(
    reading: Reading, before: tuple[str, str | None], after: tuple[str, str | None]
) -> Iterator[tuple[DatasetRecord | None, DatasetRecord | None]]:
    """Records of two versions, each a dataset's id and a version, that differ: before and after, by id.

    First those that are gone, then those that changed, then those that are new.
    """
    with reading() as connection:
        old, new = (
            (dataset_number(connection, dataset_id), transaction_of(connection, dataset_id, version))
            for dataset_id, version in (before, after)
        )
    for pair in _pairs(reading, old, new, absent=True):
        yield pair[0], None
    for pair in _pairs(reading, new, old, absent=False):
        yield pair[1], pair[0]
    for pair in _pairs(reading, new, old, absent=True):
        yield None, pair[0]


def _pairs(
    reading: Reading, side: tuple[int, int], other: tuple[int, int], *, absent: bool
) -> Iterator[tuple[DatasetRecord, DatasetRecord | None]]:
    values: Values = {
        "dataset": side[0],
        "xact": side[1],
        "other": other[0],
        "other_xact": other[1],
        "absent": absent,
        "limit": PORTION,
        "after": 0,
    }
    while True:
        with reading() as connection:
            found = _portion(connection, "differences", values)
        if not found:
            return
        for columns in found:
            one, two = columns[:10], (columns[0], *columns[10:])
            if absent:
                yield _record(one), None
            elif any(map(_differs, one[5:9], two[5:9])):
                yield _record(one), _record(two)
        values["after"] = found[-1][0]


def _differs(first: str | None, second: str | None) -> bool:
    if first is None or second is None or first == second:
        return first != second
    return canonical_json(first) != canonical_json(second)


def state(connection: sqlite3.Connection, dataset_id: str, version: str | None) -> DatasetState:
    """How many records a version has, and its newest transaction."""
    values = {
        "dataset": dataset_number(connection, dataset_id),
        "xact": transaction_of(connection, dataset_id, version),
    }
    records = connection.execute(sql("datasets/count"), values).fetchone()[0]
    return DatasetState(records=records, version=newest_version(connection, dataset_id, version))


def _portion(connection: sqlite3.Connection, query: str, values: Values) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    size = 0
    for columns in connection.execute(sql(f"datasets/{query}"), values):
        found.append(columns)
        size += sum(len(text) for text in columns[5:] if isinstance(text, str))
        if size > _PORTION_BYTES:
            break
    return found


def _record(columns: Sequence[Any]) -> DatasetRecord:
    _place, record_id, xact, created, is_deleted, *texts = columns
    values: Mapping[str, Any] = {name: from_json(text) for name, text in _texts(texts).items()}
    return DatasetRecord(
        id=record_id, xact_id=str(xact), created=created, is_deleted=bool(is_deleted), **values
    )


def _texts(columns: Sequence[str | None]) -> dict[str, JsonText]:
    return {
        name: JsonText(text) for name, text in zip(RECORD_FIELDS, columns, strict=True) if text is not None
    }
