"""OTLP: the same span as the SDK's object, as protobuf and as JSON gives the same row."""

import base64
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.trace import Event, ReadableSpan

from finished_spans import failed, finished
from spanscore._json import from_json, to_json
from spanscore.store import ingest
from spanscore.store.otlp import decode_json, decode_protobuf

pytestmark = pytest.mark.core

SPANS = {
    "plain": finished(),
    "child with no scope": finished(above=7, scope=None),
    "every kind of attribute": finished(
        {"s": "é", "b": True, "i": -5, "f": 0.5, "l": ("a", "b"), "n": (1, 2)}
    ),
    "ours": finished(
        {
            "braintrust.input_json": to_json({"a": [1, None]}),
            "braintrust.metadata": to_json({"model": "m"}),
            "braintrust.span_attributes": to_json({"type": "llm"}),
            "braintrust.tags": ("t",),
            "gen_ai.usage.input_tokens": 5,
        }
    ),
    "error": finished(events=[Event("exception", {"exception.type": "E"})], status=failed("boom")),
    "no container": finished(parent=None),
    "largest ids": finished(trace_id=2**128 - 1, span_id=2**64 - 1),
}


def as_json(spans: list[ReadableSpan]) -> bytes:
    """OTLP/HTTP's JSON: protobuf's with ids in hexadecimal digits."""
    return to_json(_with_hex(MessageToDict(encode_spans(spans)))).encode()


def _with_hex(value: Any) -> Any:
    if isinstance(value, list):
        return [_with_hex(each) for each in value]
    if isinstance(value, dict):
        ids = ("traceId", "spanId", "parentSpanId")
        return {k: base64.b64decode(v).hex() if k in ids else _with_hex(v) for k, v in value.items()}
    return value


@pytest.mark.parametrize("name", SPANS)
def test_rows_are_equal(name: str) -> None:
    span = SPANS[name]
    expected = ingest(span).as_dict()
    (from_protobuf,) = decode_protobuf(encode_spans([span]).SerializeToString())
    (from_text,) = decode_json(as_json([span]))
    assert [ingest(from_protobuf).as_dict(), ingest(from_text).as_dict()] == [expected, expected]


def test_structured_attributes() -> None:
    """OTLP can carry objects, which the SDK cannot set."""
    body = {
        "resourceSpans": [
            {
                "resource": {"attributes": [{"key": "telemetry.sdk.version", "value": {"stringValue": "9"}}]},
                "scopeSpans": [
                    {
                        "scope": {"name": "s"},
                        "spans": [
                            {
                                "traceId": "00000000000000000000000000000001",
                                "spanId": "0000000000000002",
                                "name": "n",
                                "kind": 3,
                                "unknownField": 1,
                                "startTimeUnixNano": "1000000000",
                                "endTimeUnixNano": 2000000000,
                                "attributes": [
                                    {
                                        "key": "braintrust.metadata",
                                        "value": {
                                            "kvlistValue": {
                                                "values": [{"key": "k", "value": {"intValue": "7"}}]
                                            }
                                        },
                                    },
                                    {
                                        "key": "gen_ai.input.messages",
                                        "value": {"arrayValue": {"values": [{"stringValue": "hi"}]}},
                                    },
                                    {"key": "nothing", "value": {}},
                                    {"key": "raw", "value": {"bytesValue": "AAE="}},
                                ],
                                "status": {"code": 2, "message": "bad"},
                            }
                        ],
                    }
                ],
            }
        ]
    }
    (span,) = decode_json(to_json(body))
    row = ingest(span)
    assert (row.name, row.start_ns, row.end_ns, row.error) == ("n", 1_000_000_000, 2_000_000_000, "bad")
    assert (row.input, row.metadata) == (
        ["hi"],
        {"k": 7, "nothing": None, "raw": from_json(to_json(b"\x00\x01"))},
    )
    assert row.context["span_origin"] == {
        "name": "opentelemetry",
        "version": "9",
        "instrumentation": {"name": "s"},
    }


DEEP = '{"resourceSpans":' + "[" * 200 + "]" * 200 + "}"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"null",
        b'{"resourceSpans":5}',
        b'{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"xyz"}]}]}]}',
        b'{"resourceSpans":[{"scopeSpans":[{"spans":[{"startTimeUnixNano":"-1"}]}]}]}',
        DEEP.encode(),
        b"\xff",
    ],
)
def test_json_that_is_no_request(body: bytes) -> None:
    with pytest.raises(ValueError, match="the body is no OTLP trace request in JSON"):
        decode_json(body)


def test_protobuf_that_is_no_request() -> None:
    with pytest.raises(ValueError, match="the body is no OTLP trace request in protobuf"):
        decode_protobuf(b"\x0a\xff")


@given(body=st.binary(max_size=60))
def test_any_bytes_give_spans_or_value_error(body: bytes) -> None:
    for decode in (decode_protobuf, decode_json):
        try:
            spans = decode(body)
        except ValueError:
            continue
        assert len([ingest(span).as_dict() for span in spans]) == len(spans)
