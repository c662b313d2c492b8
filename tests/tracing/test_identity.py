"""A span's identity made the short way."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.trace import SpanContext, TraceFlags, TraceState

from spanscore.tracing._identity import local_identity

pytestmark = pytest.mark.core


@given(
    trace_id=st.sampled_from([0, 1, 2**128 - 1, 2**128]),
    span_id=st.sampled_from([-1, 0, 1, 2**64 - 1, 2**64]),
    flags=st.sampled_from([TraceFlags(0), TraceFlags(1), TraceFlags(3)]),
    state=st.sampled_from([None, TraceState(), TraceState([("vendor", "1")])]),
)
def test_identity_equals_the_constructors(
    trace_id: int, span_id: int, flags: TraceFlags, state: TraceState | None
) -> None:
    expected = SpanContext(trace_id, span_id, is_remote=False, trace_flags=flags, trace_state=state)
    identity = local_identity(trace_id, span_id, flags, state)
    assert identity == expected
    assert repr(identity) == repr(expected)
    assert identity.is_valid is expected.is_valid
    assert type(identity) is SpanContext
    assert pickle.loads(pickle.dumps(identity)) == expected
