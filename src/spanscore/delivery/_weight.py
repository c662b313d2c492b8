"""How much memory a waiting record holds, roughly."""

from opentelemetry.sdk.trace import ReadableSpan

from spanscore.wire.records import Record

_EMPTY = 1_000


def weight_of(record: Record) -> int:
    """Bytes that `record` holds, from the lengths of its texts; bounds memory, measures nothing exactly."""
    values = (record.attributes or {}) if isinstance(record, ReadableSpan) else record.fields
    weight = _EMPTY
    for value in values.values():
        if isinstance(value, str):
            weight += len(value)
    return weight
