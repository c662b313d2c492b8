"""What travels from a program to a destination: finished spans and updates of their rows."""

from dataclasses import dataclass

from opentelemetry.sdk.trace import ReadableSpan

from spanscore._json import JsonText


@dataclass(frozen=True, slots=True, kw_only=True)
class RowUpdate:
    """Fields to be merged into the row of a span that has ended already.

    `parent` is the text of the container, `span_id` and `trace_id` are OpenTelemetry's numbers. `fields` maps
    row fields (`input`, `output`, `expected`, `scores`, `metadata`, `metrics`, `tags`, `error`) to JSON text;
    objects are merged deeply, everything else replaces.
    """

    parent: str
    trace_id: int
    span_id: int
    fields: dict[str, JsonText]


Record = ReadableSpan | RowUpdate
"""A finished span (ours or the SDK's) or an update of one."""
