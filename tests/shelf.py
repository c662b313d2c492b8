"""A destination in memory, spools to fill and records that can be told apart, for tests of delivery."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from opentelemetry.sdk.trace import ReadableSpan

from spanscore._json import JsonText
from spanscore.delivery import Spool
from spanscore.wire.records import Record, RowUpdate
from spanscore.wire.seams import Receipt

DAY_S = 86_400.0


def update(number: int, size: int = 1, parent: str = "project_name:p") -> RowUpdate:
    """An update of the row of span `number`."""
    fields = {"output": JsonText('"' + "x" * size + '"')}
    return RowUpdate(parent=parent, trace_id=1, span_id=number, fields=fields)


def number_of(record: Record) -> int:
    """The number by which a record is told from others."""
    if isinstance(record, RowUpdate):
        return record.span_id
    context = record.get_span_context()
    assert context is not None
    return context.span_id


def spool_in(folder: Path, *, max_bytes: int = 1 << 30, max_age_s: float = 7 * DAY_S) -> Spool:
    """A spool in the folder `spool` of this one."""
    return Spool(folder / "spool", max_bytes=max_bytes, max_age_s=max_age_s)


def rest_in(spool: Spool) -> list[str]:
    """What is left of segments: all files but the ledger, which may tell of other things."""
    return sorted(path.name for path in spool.folder.iterdir() if path.name != "ledger.jsonl")


class Shelf:
    """Keeps what it is brought; `before` is called first with the records, and may wait, raise or answer."""

    def __init__(
        self, identity: str = "shelf", before: Callable[[Sequence[Record]], Receipt | None] | None = None
    ) -> None:
        self.identity = identity
        self.before = before
        self.batches: list[list[int]] = []
        self.records: list[Record] = []
        self.threads: set[str] = set()
        self.attempts = 0
        self.closed = 0

    def deliver(self, records: Sequence[Record]) -> Receipt:
        """Take them all, unless `before` has something against it."""
        self.attempts += 1
        self.threads.add(threading.current_thread().name)
        receipt = None if self.before is None else self.before(records)
        self.batches.append([number_of(record) for record in records])
        self.records += records
        return receipt or Receipt()

    def close(self) -> None:
        """Count it."""
        self.closed += 1

    @property
    def taken(self) -> list[int]:
        """The numbers of all records, in the order in which they came."""
        return [number for batch in self.batches for number in batch]

    @property
    def spans(self) -> list[ReadableSpan]:
        """The spans among the records."""
        return [record for record in self.records if isinstance(record, ReadableSpan)]


def raising(*errors: Exception) -> Callable[[Sequence[Record]], None]:
    """What raises these errors, one a call, and then nothing more."""
    left = iter(errors)

    def fail(_: Sequence[Record]) -> None:
        for error in left:
            raise error

    return fail


def hanging(go: threading.Event) -> Callable[[Sequence[Record]], None]:
    """What waits for an event."""

    def hang(_: Sequence[Record]) -> None:
        go.wait(30)

    return hang
