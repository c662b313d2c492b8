"""Spans whose rows a program has named, as rows for Braintrust: over OTLP a row has its span's id."""

from collections.abc import Mapping
from typing import Any, Final

from opentelemetry.sdk.trace import ReadableSpan

from spanscore._json import to_json
from spanscore.wire.attributes import CONTEXT_JSON
from spanscore.wire.row_ids import row_id_in
from spanscore.wire.rows import Row

_ANY_SIZE: Final = 1 << 40


def given_row_id(span: ReadableSpan) -> str | None:
    """The id that the program has given the row of a span; None if it has that of the span."""
    attributes: Mapping[str, Any] = span.attributes or {}
    return row_id_in(attributes.get(CONTEXT_JSON))


def encode_whole_row(row: Row, container: Mapping[str, str]) -> bytes:
    """The row as one that takes the place of that which is there."""
    event = {**row.as_event(), **container, "_is_merge": False}
    return to_json(event, max_bytes=_ANY_SIZE, redact=False).encode("utf-8", "surrogatepass")
