"""Records of files and of logged spans, on their way into a dataset."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from spanscore.cli._row_filter import RowFilter
from spanscore.datasets import inserted, known_by_content
from spanscore.wire.datasets import DatasetChange
from spanscore.wire.rows import Row
from spanscore.wire.seams import Datasets

_AT_ONCE: Final = 100
_BYTES_AT_ONCE: Final = 4 << 20


def changes_of_records(records: Iterable[Mapping[str, Any]]) -> Iterator[DatasetChange]:
    """Each record as an insert; one without an id is known by its content, so that it comes once."""
    for record in records:
        change = inserted(
            id=record.get("id"),
            input=record.get("input"),
            expected=record.get("expected"),
            metadata=record.get("metadata"),
            tags=record.get("tags"),
            origin=record.get("origin"),
        )
        yield change if record.get("id") is not None else known_by_content(change)


def changes_of_spans(
    rows: Iterable[Row], filters: Sequence[RowFilter], *, are_roots: bool
) -> Iterator[DatasetChange]:
    """Spans that match, as inserts under their ids: what was expected is what they were, or else gave."""
    for row in rows:
        if (are_roots and not row.is_root) or not all(each.matches(row) for each in filters):
            continue
        if row.input is None and row.output is None:
            continue
        yield inserted(
            id=row.id,
            input=row.input,
            expected=row.output if row.expected is None else row.expected,
            metadata=row.metadata or None,
            tags=row.tags or None,
            origin={
                "object_type": "project_logs",
                "object_id": row.project_id,
                "id": row.id,
                "_xact_id": row.xact_id,
                "created": row.created,
            },
        )


def write_all(datasets: Datasets, dataset_id: str, changes: Iterable[DatasetChange]) -> Iterator[int]:
    """Write the changes, some at once: how many are written, after each portion."""
    count = 0
    for portion in _portions(changes):
        datasets.write_records(dataset_id, portion)
        count += len(portion)
        yield count


def _portions(changes: Iterable[DatasetChange]) -> Iterator[list[DatasetChange]]:
    portion: list[DatasetChange] = []
    size = 0
    for change in changes:
        portion.append(change)
        size += sum(len(text) for text in change.fields.values())
        if len(portion) == _AT_ONCE or size > _BYTES_AT_ONCE:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion
