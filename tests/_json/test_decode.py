import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore._json import from_json, to_json

pytestmark = pytest.mark.core

VALID = {
    "an object": ('{"a": [1, 2.5, null, true]}', {"a": [1, 2.5, None, True]}),
    "bytes": (b'"\xc3\xa9"', "é"),
    "an integer beyond 64 bits": ("123456789012345678901234567890", 123456789012345678901234567890),
    "a negative one": ("[-99999999999999999999]", [-99999999999999999999]),
    "a long run of digits in text": ('"12345678901234567890"', "12345678901234567890"),
    "a surrogate pair": (r'"\ud83d\ude00"', "😀"),
    "a lone high surrogate": (r'"a\ud83dz"', r"a\ud83dz"),
    "a lone low surrogate": (r'{"\udc00": 1}', {r"\udc00": 1}),
    "an escaped backslash before what looks like one": (r'"\\ud83d"', r"\ud83d"),
    "a lone one before a pair": (r'"\ud83d\ud83d\ude00"', r"\ud83d" + "😀"),
    "a float beyond all doubles": ("1e999", float("inf")),
}

INVALID = {
    "nothing": "",
    "NaN": "[NaN]",
    "infinity": "-Infinity",
    "a trailing comma": "[1,]",
    "single quotes": "{'a': 1}",
    "a literal lone surrogate": '"\ud800"',
    "bytes that are not UTF-8": b'"\xff"',
    "nesting without end": "[" * 100_000,
    "two values": "1 2",
}


@pytest.mark.parametrize(("text", "value"), VALID.values(), ids=VALID.keys())
def test_valid_text_is_read_exactly(text: str | bytes, value: Any) -> None:
    assert from_json(text) == value


@pytest.mark.parametrize("text", INVALID.values(), ids=INVALID.keys())
def test_what_is_no_json_is_a_value_error(text: str | bytes) -> None:
    with pytest.raises(ValueError, match=r"^not JSON: "):
        from_json(text)


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**300), 10**300)
    | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda children: st.lists(children, max_size=8) | st.dictionaries(st.text(), children, max_size=8),
)


@given(values)
def test_what_was_written_is_read_back(value: Any) -> None:
    assert from_json(to_json(value, redact=False)) == value


@given(values)
def test_ascii_text_of_the_standard_library_is_read(value: Any) -> None:
    assert from_json(json.dumps(value)) == value
