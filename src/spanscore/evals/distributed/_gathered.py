"""The spans of a worker, on their way to the process that keeps the experiment."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass

from opentelemetry.sdk.trace import ReadableSpan

from spanscore.delivery._codec import decode_span, decode_update, encode_span, encode_update
from spanscore.delivery._sources import Source, Sources, decode_source
from spanscore.wire.records import Record, RowUpdate


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Records as bytes: spans with whether their body is in parts, updates, and the sources of the spans."""

    spans: tuple[tuple[bytes, bool], ...] = ()
    updates: tuple[bytes, ...] = ()
    sources: tuple[bytes, ...] = ()

    def records(self) -> Iterator[Record]:
        """What is in it."""
        sources: dict[int, Source] = dict(map(decode_source, self.sources))
        for body, is_in_parts in self.spans:
            yield decode_span(body, sources, is_in_parts=is_in_parts)
        for body in self.updates:
            yield decode_update(body)


class GatheredSpans:
    """Keeps what is recorded in this process until it is taken away."""

    def __init__(self) -> None:
        self._sources = Sources()
        self._lock = threading.RLock()
        self._spans: list[tuple[bytes, bool]] = []
        self._updates: list[bytes] = []
        self._used: set[int] = set()

    def put(self, record: Record) -> None:
        """Take one record."""
        if isinstance(record, RowUpdate):
            self._updates.append(encode_update(record))
            return
        self._put_span(record)

    def _put_span(self, span: ReadableSpan) -> None:
        number = self._sources.number(span)
        parts = encode_span(span, number)
        with self._lock:
            self._used.add(number)
            self._spans.append((b"".join(parts), len(parts) > 1))

    def flush(self, timeout_s: float) -> bool:
        """Nothing waits for anybody: who asked for the case takes its spans along."""
        return True

    def take(self) -> Bundle:
        """Everything that has come since the last time."""
        with self._lock:
            spans, self._spans = self._spans, []
            updates, self._updates = self._updates, []
            used, self._used = self._used, set()
        sources = tuple(self._sources.body(number) for number in sorted(used))
        return Bundle(spans=tuple(spans), updates=tuple(updates), sources=sources)
