"""Dead letters: records that a destination will never take, kept to be read by people."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import SpanContext, format_span_id, format_trace_id

from spanscore._json import from_json, to_json
from spanscore.delivery._json_lines import append_lines, json_lines, open_to_append
from spanscore.wire.records import Record, RowUpdate

FILE: Final = "dead-letters.jsonl"
_MOST_BYTES: Final = 64 << 20
_UNCUT: Final = 1 << 40


class DeadLetters:
    """A file of JSON lines: when, which destination, why, and the record itself.

    Past 64 MiB a new file begins, and the one before the last is removed.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    def add(self, destination: str, reason: str, record: Record) -> None:
        """Append one record. Raises OSError where the file cannot be written."""
        letter = {"at": time.time_ns(), "destination": destination, "reason": reason, **_described(record)}
        if self._path.exists() and self._path.stat().st_size > _MOST_BYTES:
            self._path.replace(self._path.with_suffix(".old.jsonl"))
        fd = open_to_append(self._path)
        try:
            append_lines(fd, to_json(letter, max_bytes=_UNCUT).encode() + b"\n")
        finally:
            os.close(fd)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """The letters, oldest first."""
        for path in (self._path.with_suffix(".old.jsonl"), self._path):
            yield from json_lines(path)


def _described(record: Record) -> dict[str, Any]:
    if isinstance(record, RowUpdate):
        fields = {name: from_json(text) for name, text in record.fields.items()}
        return {
            "update": {
                "parent": record.parent,
                "trace_id": format_trace_id(record.trace_id),
                "span_id": format_span_id(record.span_id),
                "fields": fields,
            }
        }
    return {"span": _described_span(record)}


def _described_span(span: ReadableSpan) -> dict[str, Any]:
    # Not the SDK's `to_json`: an attribute that is bytes has none, and such a span must not stop the others.
    context, parent, scope = span.get_span_context(), span.parent, span.instrumentation_scope
    return {
        "name": span.name,
        "context": _ids(context) if context else None,
        "parent_id": format_span_id(parent.span_id) if parent else None,
        "kind": span.kind.name,
        "start_ns": span.start_time,
        "end_ns": span.end_time,
        "status": [span.status.status_code.name, span.status.description],
        "attributes": dict(span.attributes or {}),
        "events": [[event.name, event.timestamp, dict(event.attributes or {})] for event in span.events],
        "links": [_ids(link.context) for link in span.links],
        "resource": dict(span.resource.attributes),
        "scope": scope.name if scope else None,
    }


def _ids(context: SpanContext) -> list[str]:
    return [format_trace_id(context.trace_id), format_span_id(context.span_id)]
