"""`traceparent` and `tracestate`: what is taken, what is refused, what is sent."""

import pytest
from opentelemetry.trace import SpanContext, TraceFlags

from spanscore.tracing._traceparent import format_traceparent, parse_traceparent, sendable_tracestate

pytestmark = pytest.mark.core

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        (f"00-{TRACE}-{SPAN}-01", 1),
        (f" \t00-{TRACE}-{SPAN}-00 ", 0),
        (f"00-{TRACE}-{SPAN}-ff", 255),
        (f"01-{TRACE}-{SPAN}-01", 1),
        (f"cc-{TRACE}-{SPAN}-01-what-is-to-come", 1),
    ],
)
def test_reads_what_names_a_span(text: str, flags: int) -> None:
    span = parse_traceparent(text)
    assert span is not None
    assert (span.trace_id, span.span_id, span.trace_flags) == (int(TRACE, 16), int(SPAN, 16), flags)
    assert span.is_remote


@pytest.mark.parametrize(
    "text",
    [
        "",
        "invalid",
        f"00-{TRACE}-{SPAN}",
        f"00-{TRACE}-{SPAN}-01-more",
        f"00-{TRACE}-{SPAN}-01-",
        f"00-{TRACE}-{SPAN}-01\n",
        f"00-{TRACE}-{SPAN}-1",
        f"00-{TRACE[:-1]}-{SPAN}-01",
        f"00-{TRACE}-{SPAN[:-1]}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{TRACE[:-1]}\N{ARABIC-INDIC DIGIT ONE}-{SPAN}-01",
        f"ff-{TRACE}-{SPAN}-01",
        f"cc-{TRACE}-{SPAN}-01.what",
        f"cc-{TRACE}-{SPAN}-01-" + "x" * 500,
    ],
)
def test_refuses_what_is_malformed(text: str) -> None:
    assert parse_traceparent(text) is None


def test_writes_a_span() -> None:
    span = SpanContext(0xA, 0xB, is_remote=False, trace_flags=TraceFlags(1))
    assert format_traceparent(span) == f"00-{10:032x}-{11:016x}-01"


@pytest.mark.parametrize(
    ("values", "sent"),
    [
        (["congo=t61rcWkgMzE , rojo=00"], "congo=t61rcWkgMzE , rojo=00"),
        (["a=1", "b=2"], "a=1,b=2"),
        ([], ""),
        (["a=é"], ""),
        (["a=1\r\nx-evil: 1"], ""),
        (["a=" + "1" * 8200], ""),
    ],
)
def test_tracestate_goes_on_as_it_is_or_not_at_all(values: list[str], sent: str) -> None:
    assert sendable_tracestate(values) == sent
