"""Rows of a trace, made by hand: `row("chat", "llm", input=…, metrics=…)`."""

from typing import Any

from spanscore._json import to_json
from spanscore.wire.rows import Row

PARENT = "experiment_id:0d6a2b1c-0000-4000-8000-000000000000"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def row(
    name: str,
    kind: str = "task",
    *,
    number: int = 1,
    above: int | None = 0,
    purpose: str | None = None,
    duration_s: float = 1.0,
    **fields: Any,
) -> Row:
    """A row that began `number` seconds after the trace, below the row with the number `above`."""
    described = {"type": kind} if purpose is None else {"type": kind, "purpose": purpose}
    start = number * 1_000_000_000
    return Row(
        parent=PARENT,
        id=f"{number:016x}",
        span_id=f"{number:016x}",
        root_span_id=TRACE,
        parent_span_id=None if above is None else f"{above:016x}",
        name=name,
        type=kind,
        start_ns=start,
        end_ns=start + int(duration_s * 1_000_000_000),
        fields={field: to_json(value) for field, value in {**fields, "span_attributes": described}.items()},
    )
