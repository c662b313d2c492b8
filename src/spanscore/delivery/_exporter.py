"""An exporter object of the user's as destination."""

import logging
import os
import secrets
from collections.abc import Callable, Sequence
from typing import Final

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from spanscore.errors import RetryLaterError
from spanscore.wire.records import Record
from spanscore.wire.seams import Receipt

_logger = logging.getLogger("spanscore")
_FLUSH_MS: Final = 1_000


class ExporterDestination:
    """Hands finished spans to any OpenTelemetry exporter; updates of rows have no place there.

    It is served only by the process that has the object: its identity is that of no other.
    """

    def __init__(self, exporter: SpanExporter, name: str | None = None) -> None:
        self._exporter = exporter
        self._name = name or type(exporter).__name__
        self._mark = secrets.token_hex(8)

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
            result = self._exporter.export(spans)
        except Exception as error:
            raise RetryLaterError(f"{self._name}.export raised {type(error).__name__}: {error}") from error
        if result is SpanExportResult.FAILURE:
            raise RetryLaterError(f"{self._name}.export says that it failed")

    def close(self) -> None:
        """Flush the exporter. It is not shut down: it is the program's, which may go on using it."""
        self._try(lambda: self._exporter.force_flush(_FLUSH_MS))

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001 - the exporter is the user's, and the process goes on
            _logger.warning("%s failed while it was closed: %s: %s", self._name, type(error).__name__, error)
