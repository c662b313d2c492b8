"""Any backend that takes OpenTelemetry's traces over HTTP, as destination."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from opentelemetry.sdk.trace import ReadableSpan

from spanscore._http.sender import HttpSender, address
from spanscore.delivery._otlp_posts import post_spans
from spanscore.delivery._otlp_settings import exporter_settings
from spanscore.wire.records import Record
from spanscore.wire.seams import Receipt


class OtlpDestination:
    """Posts finished spans to an OTLP/HTTP endpoint; updates of rows have no place there and are left out.

    `endpoint` is the full address, path included ("http://collector:4318/v1/traces"), `headers` are laid
    over those of the environment. Everything else is what the `OTEL_EXPORTER_OTLP_*` variables say. Raises
    ConfigError if one of them cannot be used.
    """

    def __init__(self, endpoint: str | None = None, headers: Mapping[str, str] | None = None) -> None:
        found = exporter_settings(endpoint)
        lowered = {key.lower(): value for key, value in {**found.headers, **(headers or {})}.items()}
        self._identity = f"otlp:{_public(found.endpoint)}"
        self._sender = HttpSender(replace(found, headers=lowered))

    @property
    def identity(self) -> str:
        """The address of the endpoint; credentials within it are there as a digest."""
        return self._identity

    def deliver(self, records: Sequence[Record]) -> Receipt:
        """Post the spans once."""
        spans = [record for record in records if isinstance(record, ReadableSpan)]
        refused = post_spans(self._sender, spans)
        unsupported = len(records) - len(spans)
        return Receipt(rejected=refused.spans, unsupported=unsupported, message=refused.message)

    def close(self) -> None:
        """Close the connections; a later `deliver` opens new ones."""
        self._sender.close()


def _public(endpoint: str) -> str:
    shown = address(endpoint)
    if shown == endpoint:
        return shown
    return f"{shown}#{hashlib.sha256(endpoint.encode()).hexdigest()[:16]}"
