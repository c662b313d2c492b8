"""Attributes within limits: as the SDK's own container."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.attributes import BoundedAttributes
from opentelemetry.sdk.trace import SpanLimits

from spanscore._json import JsonText
from spanscore.tracing import RecordedSpan, TracerProvider
from spanscore.tracing._limits import AttributeLimits, PlainAttributes

pytestmark = pytest.mark.core

_values = st.one_of(
    st.text(max_size=6),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.binary(max_size=4),
    st.lists(st.text(max_size=5), max_size=3),
    st.just(object),
)
_keys = st.sampled_from(["", "a", "b", "c", "d"])


@given(
    most=st.one_of(st.none(), st.integers(0, 3)),
    longest=st.one_of(st.none(), st.integers(0, 4)),
    steps=st.lists(
        st.one_of(st.tuples(_keys, _values), st.dictionaries(_keys, _values, max_size=5)), max_size=6
    ),
)
def test_limits_act_as_in_the_sdk(most: int | None, longest: int | None, steps: list[Any]) -> None:
    theirs = BoundedAttributes(most, None, False, longest)
    limits = AttributeLimits(most, longest)
    ours: dict[str, Any] = {}
    dropped = 0
    for step in steps:
        if isinstance(step, dict):
            for key, value in step.items():
                theirs[key] = value
            dropped += limits.put_all(ours, step)
        else:
            theirs[step[0]] = step[1]
            dropped += limits.put(ours, *step)
    assert list(ours.items()) == list(theirs.items())
    assert dropped == theirs.dropped


def test_text_that_is_cut_is_no_longer_known_to_be_json() -> None:
    limits = AttributeLimits(None, 3)
    attributes: dict[str, Any] = {}
    assert limits.put_all(attributes, {"short": JsonText("[1]")}) == 0
    assert limits.put_all(attributes, {"long": JsonText("[1,2]")}) == 0
    assert limits.put(attributes, "another", JsonText("[4]")) == 0
    assert {key: type(value) for key, value in attributes.items()} == {
        "short": JsonText,
        "long": str,
        "another": JsonText,
    }
    assert attributes["long"] == "[1,"


@pytest.mark.parametrize(
    ("most", "longest", "kept", "dropped"),
    [
        (None, None, {"a": 1, "b": "23"}, 0),
        (2, None, {"a": 1, "b": "23"}, 0),
        (1, None, {"b": "23"}, 1),
        (2, 1, {"a": 1, "b": "2"}, 0),
        (0, None, {}, 2),
    ],
)
def test_attributes_put_together_here_are_limited_as_others(
    most: int | None, longest: int | None, kept: dict[str, Any], dropped: int
) -> None:
    limits = SpanLimits(max_span_attributes=most or SpanLimits.UNSET, max_span_attribute_length=longest)
    if most == 0:
        limits.max_span_attributes = 0
    tracer = TracerProvider(span_limits=limits, shutdown_on_exit=False).get_tracer("t")
    span = tracer.start_span("s", attributes=PlainAttributes(a=1, b="23"))
    assert isinstance(span, RecordedSpan)
    assert span.attributes == kept
    assert span.dropped_attributes == dropped
