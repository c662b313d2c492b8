"""An exporter object of the user's as destination."""

import logging
import os
import secrets
import threading
from collections.abc import Callable, Sequence
from typing import Final
from weakref import WeakValueDictionary

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from spanscore.errors import RetryLaterError
from spanscore.wire.records import Record
from spanscore.wire.seams import Receipt

_logger = logging.getLogger("spanscore")
_FLUSH_MS: Final = 1_000
_TURNS: Final[WeakValueDictionary[tuple[int, int], "_Turn"]] = WeakValueDictionary()


class ExporterDestination:
    """Hands finished spans to any OpenTelemetry exporter; updates of rows have no place there.

    It is served only by the process that has the object: its identity is that of no other.
    """

    def __init__(self, exporter: SpanExporter, name: str | None = None) -> None:
        self._exporter = exporter
        self._name = name or type(exporter).__name__
        self._mark = secrets.token_hex(8)
        self._turn = _turn_of(exporter)

    @property
    def identity(self) -> str:
        """The exporter's name, with what tells it from all others: a forked process has its own."""
        return f"exporter:{self._name}#{self._mark}-{os.getpid()}"

    def deliver(self, records: Sequence[Record]) -> Receipt:
        """Export the spans once. Raises RetryLaterError if the exporter fails, however it says so."""
        spans = [record for record in records if isinstance(record, ReadableSpan)]
        if spans:
            self._export(spans)
        return Receipt(unsupported=len(records) - len(spans))

    def _export(self, spans: Sequence[ReadableSpan]) -> None:
        try:
            # An exporter is never asked to do two things at once, whoever else hands it spans.
            with self._turn_here():
                result = self._exporter.export(spans)
        except Exception as error:
            raise RetryLaterError(f"{self._name}.export raised {type(error).__name__}: {error}") from error
        if result is SpanExportResult.FAILURE:
            raise RetryLaterError(f"{self._name}.export says that it failed")

    def _turn_here(self) -> threading.Lock:
        # That of the parent process may have been held by a thread that a forked child does not have.
        if self._turn.pid != os.getpid():
            self._turn = _turn_of(self._exporter)
        return self._turn.lock

    def close(self) -> None:
        """Flush the exporter. It is not shut down: it is the program's, which may go on using it."""
        self._try(lambda: self._exporter.force_flush(_FLUSH_MS))

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001 - the exporter is the user's, and the process goes on
            _logger.warning("%s failed while it was closed: %s: %s", self._name, type(error).__name__, error)


class _Turn:
    """Who has it may use an exporter, which several outboxes may hold."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.lock = threading.Lock()


def _turn_of(exporter: SpanExporter) -> _Turn:
    return _TURNS.setdefault((os.getpid(), id(exporter)), _Turn())
