"""Ids that a program has chosen itself, for one span."""

import copy
import hashlib
import re
from typing import Any, Final

from opentelemetry import trace
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.trace import Tracer

from spanscore._json import JsonText, merge_json, to_json
from spanscore.tracing._late import span_number
from spanscore.wire.attributes import ROW_ID

_TRACE_ID: Final = re.compile("[0-9a-f]{32}")


class GivenIds(IdGenerator):
    """Gives these ids in the place of new ones."""

    def __init__(self, *, trace_id: int, span_id: int, row_id: str | None = None) -> None:
        self._trace_id = trace_id
        self._span_id = span_id
        self._row_id = row_id

    @classmethod
    def of(cls, *, span_id: str, root_span_id: str, row_id: str | None = None) -> "GivenIds":
        """The ids that these texts are, or stand for: the same for the same text.

        `row_id` is the id that the row is to be known by.
        """
        return cls(trace_id=trace_number(root_span_id), span_id=span_number(span_id), row_id=row_id)

    def generate_span_id(self) -> int:
        """The span id."""
        return self._span_id

    def generate_trace_id(self) -> int:
        """The trace id."""
        return self._trace_id

    def is_trace_id_random(self) -> bool:
        """False: it was chosen."""
        return False

    def told(self, context: JsonText) -> JsonText:
        """What a span says of its context, with the row's id where it is none that the span's gives."""
        if self._row_id is None or self._row_id == f"{self._span_id:016x}":
            return context
        return merge_json(context, to_json({ROW_ID: self._row_id}))

    def tracer(self, tracer: Tracer) -> Tracer:
        """The same tracer, with these ids for the spans that it starts; as it is, if it makes no ids."""
        if isinstance(tracer, (trace.NoOpTracer, trace.ProxyTracer)):
            return tracer
        own: Any = copy.copy(tracer)
        own.id_generator = self
        return own


def trace_number(root_span_id: str) -> int:
    """The number of a trace: that of 32 hexadecimal digits, else one that is always the same for the text."""
    plain = root_span_id.lower().replace("-", "")
    if _TRACE_ID.fullmatch(plain) and int(plain, 16):
        return int(plain, 16)
    digest = hashlib.blake2b(root_span_id.encode("utf-8", "replace"), digest_size=16).digest()
    return int.from_bytes(digest, "big") or 1
