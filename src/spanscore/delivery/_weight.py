"""How much memory a waiting record holds, roughly."""

from spanscore.wire.attributes import INPUT_JSON, METADATA, OUTPUT_JSON
from spanscore.wire.records import Record, RowUpdate

_EMPTY = 2_000


def weight_of(record: Record) -> int:
    """Bytes that `record` holds; it bounds memory, so that only the texts that can be long are looked at."""
    if isinstance(record, RowUpdate):
        return _EMPTY + sum(map(len, record.fields.values()))
    attributes = record.attributes
    if not attributes:
        return _EMPTY
    get = attributes.get
    return _EMPTY + _length(get(INPUT_JSON)) + _length(get(OUTPUT_JSON)) + _length(get(METADATA))


def _length(value: object) -> int:
    return len(value) if isinstance(value, str) else 0
