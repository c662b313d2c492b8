"""Spans posted as OTLP requests of a bounded size, and what the answers say of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse
from opentelemetry.sdk.trace import ReadableSpan

from spanscore._http.answers import Answer
from spanscore._http.sender import HttpSender
from spanscore._json import from_json
from spanscore.delivery._otlp_encoding import encode_requests

MAX_REQUEST: Final = 9_900_000
"""Bytes of a request before it is packed; servers commonly refuse 10 MB."""

CONTENT_TYPE: Final = "application/x-protobuf"


@dataclass(frozen=True, slots=True)
class Refusal:
    """How many spans were refused in answers that accepted the others, and what was said of it."""

    spans: int = 0
    message: str | None = None

    def plus(self, other: "Refusal") -> "Refusal":
        """Both together."""
        said = dict.fromkeys(text for text in (self.message, other.message) if text)
        return Refusal(self.spans + other.spans, "; ".join(said) or None)


def post_spans(
    sender: HttpSender, spans: Iterable[ReadableSpan], headers: Mapping[str, str] | None = None
) -> Refusal:
    """Post the spans, in several requests if they are too large for one.

    Raises what `HttpSender.post` raises; spans of earlier requests have arrived then and may be sent again.
    """
    total = Refusal()
    for request in encode_requests(spans, MAX_REQUEST):
        total = total.plus(refusal_of(sender.post(request.body, headers=headers), request.spans))
    return total


def refusal_of(answer: Answer, sent: int) -> Refusal:
    """The partial success that an answer tells of; one that cannot be read tells of none."""
    content = answer.content
    if not content:
        return Refusal()
    is_json = answer.headers.get("content-type", "").lower().startswith("application/json")
    spans, message = _from_json(content) if is_json else _from_protobuf(content)
    return Refusal(min(max(spans, 0), sent), message[:1000] or None)


def _from_protobuf(content: bytes) -> tuple[int, str]:
    response = ExportTraceServiceResponse()
    try:
        response.ParseFromString(content)
    except DecodeError:
        return 0, ""
    return response.partial_success.rejected_spans, response.partial_success.error_message


def _from_json(content: bytes) -> tuple[int, str]:
    try:
        told: Any = from_json(content)
        partial = cast("dict[str, Any]", told["partialSuccess"])
        return int(partial.get("rejectedSpans", 0)), str(partial.get("errorMessage", ""))
    except (ValueError, TypeError, KeyError, AttributeError):
        return 0, ""
