from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore._json import from_json, to_json
from spanscore._json._escapes import escaped
from spanscore._json._weight import LONG

pytestmark = pytest.mark.core
DENSE = '"so"\n\\ ' * (LONG // 4)

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


def dense(text: str) -> str:
    return (text + '\\"\n' * len(text)) * (LONG // len(text))


@given(texts)
def test_a_dense_text_is_written_as_orjson_writes_it(text: str) -> None:
    text = dense(text)
    value = escaped(text, [text])
    assert type(value) is orjson.Fragment
    assert orjson.dumps(value) == orjson.dumps(text)


@given(texts, st.lists(texts, max_size=3))
def test_so_is_a_value_with_dense_texts(text: str, others: list[str]) -> None:
    text = dense(text)
    value = {"a": [others, (text, {"b": text, "c": [None, 1, 0.5, True]})], text: others}
    assert to_json(value, max_bytes=1 << 26, redact=False).encode() == orjson.dumps(value)
    assert from_json(to_json(text, max_bytes=1 << 26)) == text


def test_all_other_characters_are_written_alike() -> None:
    every = "".join(map(chr, [*range(0xD800), *range(0xE000, 0xFFFF), 0x1F600]))
    text = every + DENSE * 9
    assert type(written := escaped(text, [text])) is orjson.Fragment
    assert orjson.dumps(written) == orjson.dumps(text)


def test_other_long_texts_are_left_to_orjson() -> None:
    value = ["plain " * LONG, DENSE[: LONG // 8] + "plain " * LONG]
    assert escaped(value, value) is value


def test_the_value_itself_is_not_changed() -> None:
    value: dict[str, Any] = {"a": [DENSE]}
    copy = escaped(value, [DENSE])
    assert type(copy["a"][0]) is orjson.Fragment
    assert value == {"a": [DENSE]}
    assert value["a"][0] is DENSE


def test_much_beside_a_dense_text_is_not_copied() -> None:
    value = [[0] * len(DENSE), DENSE]
    assert escaped(value, [DENSE]) is value


def test_a_lone_surrogate_in_a_dense_text_becomes_its_escape() -> None:
    text = DENSE + "\udce9" + DENSE
    assert from_json(to_json({"a": [text]})) == {"a": [DENSE + "\\udce9" + DENSE]}


def test_keys_with_code_of_their_own_are_not_hashed() -> None:
    class Key(str):
        is_armed = False

        def __hash__(self) -> int:
            assert not Key.is_armed
            return str.__hash__(self)

    value = {"a": {Key("k"): DENSE}}
    Key.is_armed = True
    assert escaped(value, [DENSE])["a"] is value["a"]


def test_a_credential_beside_a_dense_text_is_left_out() -> None:
    read = from_json(to_json({"text": DENSE, "password": "hunter2"}))
    assert read == {"text": DENSE, "password": "<redacted>"}
