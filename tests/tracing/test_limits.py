"""Attributes within limits: as the SDK's own container."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.attributes import BoundedAttributes

from spanscore._json import JsonText
from spanscore.tracing._limits import LimitedAttributes

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
    ours = LimitedAttributes(most, longest)
    for step in steps:
        if isinstance(step, dict):
            for key, value in step.items():
                theirs[key] = value
                ours.put(key, value)
        else:
            theirs[step[0]] = step[1]
            ours.put(*step)
    assert list(ours.items()) == list(theirs.items())
    assert ours.dropped == theirs.dropped


def test_text_that_is_cut_is_no_longer_known_to_be_json() -> None:
    attributes = LimitedAttributes(None, 3)
    attributes.put_all({"short": JsonText("[1]")})
    attributes.put_all({"long": JsonText("[1,2]")})
    assert {key: type(value) for key, value in attributes.items()} == {"short": JsonText, "long": str}
    assert attributes["long"] == "[1,"
