from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore._json import JsonText, from_json, merge_json, to_json

pytestmark = pytest.mark.core

MERGES = {
    "keys of both": ('{"a":1}', '{"b":2}', '{"a":1,"b":2}'),
    "the second replaces": ('{"a":1,"b":[1]}', '{"a":null,"b":[2]}', '{"a":null,"b":[2]}'),
    "objects merge deeply": (
        '{"a":{"x":{"p":1},"y":2}}',
        '{"a":{"x":{"q":3}}}',
        '{"a":{"x":{"p":1,"q":3},"y":2}}',
    ),
    "an object replaces a number": ('{"a":1}', '{"a":{"b":2}}', '{"a":{"b":2}}'),
    "a list replaces an object": ('{"a":1}', "[1]", "[1]"),
    "an object replaces a list": ("[1]", '{"a":1}', '{"a":1}'),
}


@pytest.mark.parametrize(("first", "second", "both"), MERGES.values(), ids=MERGES.keys())
def test_merge(first: str, second: str, both: str) -> None:
    assert merge_json(JsonText(first), JsonText(second)) == both


objects = st.recursive(
    st.dictionaries(st.sampled_from("abcd"), st.none() | st.integers(-(10**30), 10**30)),
    lambda children: st.dictionaries(st.sampled_from("abcd"), children),
    max_leaves=10,
)


@given(objects, objects)
def test_the_second_is_contained_in_the_merged_and_merging_again_changes_nothing(
    first: Any, second: Any
) -> None:
    merged = merge_json(to_json(first), to_json(second))
    assert from_json(merge_json(merged, to_json(second))) == from_json(merged)
    assert set(from_json(merged)) == set(first) | set(second)


def test_the_merged_text_has_a_budget_too() -> None:
    first, second = to_json({"a": "x" * 100}), to_json({"b": "y" * 100})
    assert len(merge_json(first, second, max_bytes=120).encode()) <= 120


def test_credentials_are_left_out_unless_they_are_to_stay() -> None:
    first, second = JsonText('{"password":"p"}'), JsonText('{"a":1}')
    assert merge_json(first, second) == '{"password":"<redacted>","a":1}'
    assert merge_json(first, second, redact=False) == '{"password":"p","a":1}'
