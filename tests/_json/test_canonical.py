"""Equal values have equal texts."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore._json import canonical_json, to_json

pytestmark = pytest.mark.core

_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)


def reversed_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: reversed_keys(value[key]) for key in reversed(list(value))}
    return [reversed_keys(item) for item in value] if isinstance(value, list) else value


@given(_values)
def test_order_of_keys_and_white_space_do_not_matter(value: Any) -> None:
    first = canonical_json(to_json(value))
    assert canonical_json(to_json(reversed_keys(value))) == first
    assert canonical_json(json.dumps(json.loads(first), indent=1)) == first
    assert json.loads(first) == json.loads(to_json(value))


def test_numbers_beyond_64_bits_are_sorted_too() -> None:
    assert canonical_json('{"b": 1, "a": [123456789012345678901234567890]}') == (
        b'{"a":[123456789012345678901234567890],"b":1}'
    )


def test_what_was_written_is_not_redacted_again() -> None:
    assert canonical_json('{"password":"p","n":' + "9" * 30 + "}") == (
        b'{"n":' + b"9" * 30 + b',"password":"p"}'
    )
