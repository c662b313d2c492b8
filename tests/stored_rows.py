"""Rows in the embedded store of what a tracer provider has recorded."""

import os
from pathlib import Path
from typing import Protocol

from opentelemetry.sdk.trace import TracerProvider

from spanscore import SpanscoreSpanProcessor
from spanscore.store.sqlite import SqliteStore
from spanscore.wire.parent import Parent
from spanscore.wire.rows import Row

_CONTAINER = "project_name:bots"


def recording_provider() -> TracerProvider:
    """A provider of a program's own, with our processor on it."""
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SpanscoreSpanProcessor(parent=_CONTAINER))
    return provider


class Flushed(Protocol):
    """A provider, or a processor of ours."""

    def force_flush(self, timeout_millis: int = ...) -> bool: ...
    def shutdown(self) -> None: ...


def rows_of(provider: Flushed) -> list[Row]:
    """What has arrived in the store, by the time it began."""
    assert provider.force_flush(10_000)
    provider.shutdown()
    store = SqliteStore(Path(os.environ["SPANSCORE_HOME"]) / "spanscore.db")
    try:
        return sorted(store.rows(Parent.parse(_CONTAINER)), key=lambda row: row.start_ns)
    finally:
        store.close()


def tree_of(rows: list[Row]) -> list[str]:
    """A line a row, "name: type", two blanks further in than the row above."""
    by_id = {row.span_id: row for row in rows}

    def depth(row: Row) -> int:
        above = by_id.get(row.parent_span_id or "")
        return 0 if above is None else 1 + depth(above)

    return [f"{'  ' * depth(row)}{row.name}: {row.type}" for row in rows]


def tokens_of(row: Row) -> dict[str, float]:
    """The metrics without the times of the span; the time to the first token, which varies, as 0."""
    metrics = {name: value for name, value in row.metrics.items() if name not in ("start", "end")}
    return {**metrics, "time_to_first_token": 0} if "time_to_first_token" in metrics else metrics
