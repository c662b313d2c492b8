"""For tests, yours and ours: finished spans in a list, and ids that count from 1."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanLimits
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import Sampler

from spanscore._config import Settings
from spanscore.attachments import KEEPING
from spanscore.tracing import RECORDING, TracerProvider
from spanscore.wire.records import Record, RowUpdate

__all__ = ["CountingIds", "RecordedRecords", "recorded_spans"]


class CountingIds(IdGenerator):
    """Span ids and trace ids that count 1, 2, 3."""

    def __init__(self) -> None:
        self._span_id = 0
        self._trace_id = 0

    def generate_span_id(self) -> int:
        """The next span id."""
        self._span_id += 1
        return self._span_id

    def generate_trace_id(self) -> int:
        """The next trace id."""
        self._trace_id += 1
        return self._trace_id

    def is_trace_id_random(self) -> bool:
        """False: these count."""
        return False


class RecordedRecords:
    """What was recorded: finished spans in the order of their ends, and updates of ended ones."""

    def __init__(self) -> None:
        self.spans: list[ReadableSpan] = []
        self.updates: list[RowUpdate] = []

    def put(self, record: Record) -> None:
        """Take one record."""
        if isinstance(record, RowUpdate):
            self.updates.append(record)
        else:
            self.spans.append(record)

    def flush(self, timeout_s: float) -> bool:
        """True: nothing waits."""
        return True


@contextmanager
def recorded_spans(
    *,
    provider: TracerProvider | None = None,
    sampler: Sampler | None = None,
    limits: SpanLimits | None = None,
    **settings: Any,
) -> Generator[RecordedRecords, None, None]:
    """Record into lists for a `with` block, through a provider of its own, with ids counting from 1.

    `settings` are those of `setup` that say what is recorded, such as `capture="all"`.

    >>> from spanscore import start_span
    >>> from spanscore.testing import recorded_spans
    >>> with recorded_spans() as recorded:
    ...     with start_span("answer"):
    ...         pass
    >>> [span.name for span in recorded.spans]
    ['answer']
    """
    recorded = RecordedRecords()
    if provider is None:
        provider = TracerProvider(
            id_generator=CountingIds(),
            sampler=sampler,
            span_limits=limits,
            resource=Resource({"service.name": "test"}),
            shutdown_on_exit=False,
        )
    # No file is written: the folder is only a setting, and attachments are only named.
    kept_in, KEEPING.folder = KEEPING.folder, None
    RECORDING.switch_on(recorded, Settings(home=Path("unused"), **settings), provider=provider)
    try:
        yield recorded
    finally:
        RECORDING.switch_off()
        KEEPING.folder = kept_in
