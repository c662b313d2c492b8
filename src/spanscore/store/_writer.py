"""Finished spans and updates into the file, a batch a transaction."""

import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spanscore.store._attachments import StoredAttachments
from spanscore.store._blocks import SLOTS, fields_of, pack, payload
from spanscore.store._containers import make_container
from spanscore.store._removal import remove
from spanscore.store._rows import (
    Key,
    Place,
    RowReader,
    case_columns,
    is_case,
    label_columns,
    metric_columns,
    row_columns,
    score_columns,
)
from spanscore.store._schema import transaction
from spanscore.store._sql import sql
from spanscore.store._updates import updated, valid_fields
from spanscore.wire.parent import Parent
from spanscore.wire.records import RowUpdate
from spanscore.wire.rows import Row

Entry = tuple[Key, Row]
_WITH_METRICS = frozenset({"eval", "task"})
_BLOCK_BYTES = 1 << 18
"""A block takes no more payloads from here on: reading a small one shall not unpack many large ones."""


@dataclass(slots=True)
class Counters:
    """The numbers given out so far, and how far the full text has come."""

    row: int
    block: int
    xact: int
    searched: int


class Writer:
    """Writes batches through one connection; a row, known by its key, is stored once however often sent.

    `attachments` keeps the bytes that rows refer to.
    """

    def __init__(self, connection: sqlite3.Connection, attachments: StoredAttachments) -> None:
        self._connection = connection
        self._attachments = attachments
        self._numbers: dict[str, int] = {}

    def write(self, records: Sequence[Row | RowUpdate]) -> None:
        """Write all or nothing; when it returns they are committed."""
        known = dict(self._numbers)
        try:
            with transaction(self._connection):
                for rows, updates in _portions(records):
                    self._write(rows, updates)
        except BaseException:
            self._numbers = known
            raise

    def _write(self, rows: Sequence[Row], updates: Sequence[RowUpdate]) -> None:
        counters = Counters(*self._connection.execute(sql("counters")).fetchone())
        counters.xact += 1
        entries = [(self._key(row), row) for row in rows]
        if self._has_pending_updates() or not self._insert_new(entries, counters):
            self._replace(entries, counters)
        if updates:
            self._update(updates, counters)
        self._connection.execute(sql("set_counters"), (counters.row, counters.block, counters.xact))

    def _key(self, row: Row) -> Key:
        number = self._numbers.get(row.parent) or self._container(row.parent)
        return bytes.fromhex(row.root_span_id), bytes.fromhex(row.span_id), number

    def _container(self, parent: str) -> int:
        number = self._numbers.get(parent)
        if number is None:
            number = make_container(self._connection, Parent.parse(parent), time.time_ns())
            self._numbers[parent] = number
        return number

    def _has_pending_updates(self) -> bool:
        return bool(self._connection.execute(sql("has_pending_updates")).fetchone()[0])

    def _insert_new(self, entries: Sequence[Entry], counters: Counters) -> bool:
        """Insert rows that are all new, as nearly always; False, with nothing done, if one is not."""
        before = (counters.row, counters.block)
        self._connection.execute("SAVEPOINT new_rows")
        try:
            self._insert(entries, counters)
        except sqlite3.IntegrityError:
            self._connection.execute("ROLLBACK TO new_rows")
            counters.row, counters.block = before
            return False
        self._connection.execute("RELEASE new_rows")
        return True

    def _insert(self, entries: Sequence[Entry], counters: Counters) -> None:
        rows: list[tuple[Any, ...]] = []
        blocks: list[tuple[int, int, bytes]] = []
        scores: list[tuple[Any, ...]] = []
        metrics: list[tuple[Any, ...]] = []
        cases: list[tuple[Any, ...]] = []
        labels: list[tuple[Any, ...]] = []
        keys: list[tuple[int, bytes]] = []
        for chunk, payloads in _chunks(entries):
            counters.block += 1
            blocks.append((counters.block, len(payloads), pack(payloads)))
            for slot, ((trace_id, span_id, container), row) in enumerate(chunk):
                counters.row += 1
                number = counters.row
                where = (counters.xact, counters.block, slot)
                rows.append((number, container, trace_id, span_id, *row_columns(row), *where))
                if "scores" in row.fields or row.type == "score":
                    scores.extend([(container, number, *columns) for columns in score_columns(row)])
                if "metrics" in row.fields and row.type in _WITH_METRICS:
                    metrics.extend([(container, number, *columns) for columns in metric_columns(row)])
                if is_case(row):
                    cases.append((container, number, *case_columns(row)))
                    labels.extend([(container, number, *columns) for columns in label_columns(row)])
                keys.extend([(number, key) for key in self._attachments.keep(row, payloads[slot])])
        execute = self._connection.executemany
        execute(sql("insert_row"), rows)
        execute(sql("insert_block"), blocks)
        execute(sql("insert_score"), scores)
        execute(sql("insert_metric"), metrics)
        execute(sql("insert_case"), cases)
        execute(sql("insert_classification"), labels)
        execute(sql("insert_attachment"), keys)

    def _replace(self, entries: Sequence[Entry], counters: Counters) -> None:
        """Insert rows of which some may be there already, or have updates waiting."""
        final: dict[Key, Row] = {}
        for key, given in entries:
            row = given
            self._connection.execute(sql("adopt_updates"), key)
            told = self._connection.execute(sql("updates_of_row"), key).fetchall()
            if told and self._is_another(key, row, final.get(key)):
                self._connection.execute(sql("forget_updates"), key)
                told = self._connection.execute(sql("updates_of_row"), key).fetchall()
            for (text,) in told:
                row = updated(row, fields_of(text))
            self._connection.execute(sql("apply_updates"), key)
            final[key] = row
        self._rewrite(final, counters)

    def _is_another(self, key: Key, row: Row, known: Row | None) -> bool:
        """True if the row takes the place of one that was recorded before, False if it is sent again."""
        times = row.start_ns, row.end_ns
        if known is not None:
            return times != (known.start_ns, known.end_ns)
        columns = self._connection.execute(sql("row_by_key"), key).fetchone()
        return columns is not None and times != columns[7:9]

    def _rewrite(self, final: Mapping[Key, Row], counters: Counters) -> None:
        for key in final:
            columns = self._connection.execute(sql("row_by_key"), key).fetchone()
            if columns is not None:
                place = Place.of(columns)
                remove(self._connection, place, is_searched=place.row <= counters.searched)
        self._insert(list(final.items()), counters)

    def _update(self, updates: Sequence[RowUpdate], counters: Counters) -> None:
        """Keep the updates, and lay them over the rows that are there; the others' wait."""
        reader = RowReader(self._connection)
        final: dict[Key, Row] = {}
        for update in updates:
            fields = valid_fields(update.fields)
            key = self._key_of(update)
            self._connection.execute(sql("insert_update"), (*key, payload(fields)))
            row = final.get(key) or self._stored(key, reader)
            if row is not None:
                final[key] = updated(row, fields)
                self._connection.execute(sql("apply_updates"), key)
        self._rewrite(final, counters)

    def _key_of(self, update: RowUpdate) -> Key:
        """The key of the row that is updated; that of no trace while it is unknown which one has the row."""
        trace_id, span_id = update.trace_id.to_bytes(16, "big"), update.span_id.to_bytes(8, "big")
        container = self._container(update.parent)
        if not update.trace_id:
            found = self._connection.execute(sql("trace_of_row"), (span_id, container)).fetchone()
            trace_id = trace_id if found is None else found[0]
        return trace_id, span_id, container

    def _stored(self, key: Key, reader: RowReader) -> Row | None:
        columns = self._connection.execute(sql("row_by_key"), key).fetchone()
        return None if columns is None else reader.row(columns)


def _portions(records: Sequence[Row | RowUpdate]) -> Iterator[tuple[list[Row], list[RowUpdate]]]:
    """Rows with updates that come after them; most often it is one portion.

    A row that comes after updates of it, which were of one before, begins another.
    """
    rows: list[Row] = []
    updates: list[RowUpdate] = []
    told: set[tuple[str, str]] = set()
    for record in records:
        if isinstance(record, RowUpdate):
            updates.append(record)
            told.add((record.parent, f"{record.span_id:016x}"))
            continue
        if told and (record.parent, record.span_id) in told:
            yield rows, updates
            rows, updates, told = [], [], set()
        rows.append(record)
    yield rows, updates


def _chunks(entries: Sequence[Entry]) -> Iterator[tuple[list[Entry], list[str]]]:
    """The entries in groups that make a block each, with their payloads."""
    chunk: list[Entry] = []
    payloads: list[str] = []
    size = 0
    for entry in entries:
        text = payload(entry[1].fields)
        chunk.append(entry)
        payloads.append(text)
        size += len(text)
        if len(chunk) == SLOTS or size > _BLOCK_BYTES:
            yield chunk, payloads
            chunk, payloads, size = [], [], 0
    if chunk:
        yield chunk, payloads
