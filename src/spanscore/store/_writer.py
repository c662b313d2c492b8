"""Finished spans and updates into the file, a batch a transaction."""

import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from spanscore.store._blocks import SLOTS, fields_of, pack, payload
from spanscore.store._containers import make_container
from spanscore.store._removal import remove
from spanscore.store._rows import Place, RowId, RowReader, case_columns, row_columns, score_columns
from spanscore.store._schema import transaction
from spanscore.store._sql import sql
from spanscore.store._updates import updated, valid_fields
from spanscore.wire.parent import Parent
from spanscore.wire.records import RowUpdate
from spanscore.wire.rows import Row

_BLOCK_BYTES = 1 << 18
"""A block takes no more payloads from here on: reading a small one shall not unpack many large ones."""


@dataclass(slots=True)
class Counters:
    """The numbers given out so far."""

    row: int
    block: int
    xact: int
    collisions: int
    searched: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that is about to be written."""

    container: int
    id: RowId
    trace_id: bytes
    row: Row


class Writer:
    """Writes batches through one connection.

    A row is known by container and id: it is stored once however often sent. Spans of one id but
    of two traces, which only broken id generators make, are kept apart: the later one's id gets its trace id
    appended, and is counted.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._numbers: dict[str, int] = {}

    def write(self, rows: Sequence[Row], updates: Sequence[RowUpdate]) -> None:
        """Write all or nothing; when it returns they are committed."""
        known = dict(self._numbers)
        try:
            with transaction(self._connection):
                self._write(rows, updates)
        except BaseException:
            self._numbers = known
            raise

    def _write(self, rows: Sequence[Row], updates: Sequence[RowUpdate]) -> None:
        counters = Counters(*self._connection.execute(sql("counters")).fetchone())
        counters.xact += 1
        entries = [self._entry(row) for row in rows]
        if self._has_pending_updates() or not self._insert_new(entries, counters):
            self._replace(entries, counters)
        if updates:
            self._update(updates, counters)
        values = (counters.row, counters.block, counters.xact, counters.collisions)
        self._connection.execute(sql("set_counters"), values)

    def _entry(self, row: Row) -> Entry:
        return Entry(self._container(row.parent), bytes.fromhex(row.id), bytes.fromhex(row.root_span_id), row)

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
        cases: list[tuple[Any, ...]] = []
        for chunk, payloads in _chunks(entries):
            counters.block += 1
            blocks.append((counters.block, len(payloads), pack(payloads)))
            for slot, entry in enumerate(chunk):
                counters.row += 1
                key = (entry.container, counters.row)
                where = (counters.xact, counters.block, slot)
                rows.append(
                    (counters.row, entry.container, *row_columns(entry.row, entry.id, entry.trace_id), *where)
                )
                if "scores" in entry.row.fields or entry.row.type == "score":
                    scores.extend([(*key, *columns) for columns in score_columns(entry.row)])
                if (case := case_columns(entry.row)) is not None:
                    cases.append((*key, *case))
        execute = self._connection.executemany
        execute(sql("insert_row"), rows)
        execute(sql("insert_block"), blocks)
        execute(sql("insert_score"), scores)
        execute(sql("insert_case"), cases)

    def _replace(self, entries: Sequence[Entry], counters: Counters) -> None:
        """Insert rows of which some may be there already, or have updates waiting."""
        final: dict[tuple[int, RowId], Entry] = {}
        for given in entries:
            entry = self._resolved(given, final, counters)
            key = (given.container, bytes.fromhex(given.row.span_id), given.trace_id)
            row = entry.row
            for (text,) in self._connection.execute(sql("updates_of_row"), key).fetchall():
                row = updated(row, fields_of(text))
            self._connection.execute(sql("apply_updates"), key)
            final[entry.container, entry.id] = Entry(entry.container, entry.id, entry.trace_id, row)
        self._rewrite(final.values(), counters)

    def _resolved(self, entry: Entry, final: dict[tuple[int, RowId], Entry], counters: Counters) -> Entry:
        """The entry under its id in the file: another one if a span of another trace took it first."""
        taken = final.get((entry.container, entry.id))
        trace_id = taken.trace_id if taken else self._trace_of(entry.container, entry.id)
        if trace_id is None or trace_id == entry.trace_id:
            return entry
        apart = Entry(entry.container, _apart(entry.id, entry.trace_id), entry.trace_id, entry.row)
        is_known = (apart.container, apart.id) in final or self._trace_of(
            apart.container, apart.id
        ) is not None
        counters.collisions += not is_known
        return apart

    def _trace_of(self, container: int, row_id: RowId) -> bytes | None:
        place = self._place(container, row_id)
        return None if place is None else place.trace_id

    def _place(self, container: int, row_id: RowId) -> Place | None:
        columns = self._connection.execute(sql("row_by_id"), (row_id, container)).fetchone()
        return None if columns is None else Place.of(columns)

    def _rewrite(self, entries: Iterable[Entry], counters: Counters) -> None:
        for entry in entries:
            place = self._place(entry.container, entry.id)
            if place is not None:
                remove(self._connection, place, is_searched=place.row <= counters.searched)
        self._insert(list(entries), counters)

    def _update(self, updates: Sequence[RowUpdate], counters: Counters) -> None:
        """Keep the updates, and lay them over the rows that are there; the others' wait."""
        reader = RowReader(self._connection)
        final: dict[tuple[int, RowId], Entry] = {}
        for update in updates:
            fields = valid_fields(update.fields)
            key = (
                self._container(update.parent),
                update.span_id.to_bytes(8, "big"),
                update.trace_id.to_bytes(16, "big"),
            )
            self._connection.execute(sql("insert_update"), (*key, payload(fields)))
            entry = self._stored(*key, final, reader)
            if entry is not None:
                row = updated(entry.row, fields)
                final[entry.container, entry.id] = Entry(entry.container, entry.id, entry.trace_id, row)
                self._connection.execute(sql("apply_updates"), key)
        self._rewrite(final.values(), counters)

    def _stored(
        self,
        container: int,
        span_id: bytes,
        trace_id: bytes,
        final: dict[tuple[int, RowId], Entry],
        reader: RowReader,
    ) -> Entry | None:
        for row_id in (span_id, _apart(span_id, trace_id)):
            if (container, row_id) in final:
                found = final[container, row_id]
            else:
                columns = self._connection.execute(sql("row_by_id"), (row_id, container)).fetchone()
                if columns is None:
                    continue
                found = Entry(container, row_id, columns[3], reader.row(columns))
            if found.trace_id == trace_id:
                return found
        return None


def _apart(span_id: RowId, trace_id: bytes) -> str:
    text = span_id if isinstance(span_id, str) else span_id.hex()
    return f"{text}-{trace_id.hex()}"


def _chunks(entries: Sequence[Entry]) -> Iterator[tuple[list[Entry], list[str]]]:
    """The entries in groups that make a block each, with their payloads."""
    chunk: list[Entry] = []
    payloads: list[str] = []
    size = 0
    for entry in entries:
        text = payload(entry.row.fields)
        chunk.append(entry)
        payloads.append(text)
        size += len(text)
        if len(chunk) == SLOTS or size > _BLOCK_BYTES:
            yield chunk, payloads
            chunk, payloads, size = [], [], 0
    if chunk:
        yield chunk, payloads
