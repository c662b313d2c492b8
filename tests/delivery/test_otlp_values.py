"""Attribute values on the wire: compared with the official encoder where it has a form, total where not."""

import enum
from collections import UserDict, UserList
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.exporter.otlp.proto.common._internal import _encode_attributes
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValueList
from opentelemetry.proto.trace.v1.trace_pb2 import TracesData

from hostile import HOSTILE, Hostile, LoudInt, LoudStr
from spanscore._json import JsonText, from_json, to_json
from spanscore.delivery._otlp_encoding import encode_spans
from spanscore.delivery._otlp_values import (
    _LONGEST_KEY,
    _MOST_KEYS,
    MAX_DEPTH,
    _encoded_keys,
    encode_attributes,
    encode_value,
)

pytestmark = pytest.mark.core


class Level(enum.IntEnum):
    HIGH = 3


class Flavour(str, enum.Enum):
    SWEET = "sweet"


class Ratio(float):
    pass


class Blob(bytes):
    pass


def value_of(value: Any) -> AnyValue:
    return AnyValue.FromString(encode_value(value))


def pairs_of(attributes: Any) -> KeyValueList:
    return KeyValueList.FromString(encode_attributes(b"\x0a", attributes))


KNOWS_NONE = bool(_encode_attributes({"key": None}))
"""Older versions of the official encoder leave out what has a None in it."""

ALIKE: dict[str, Any] = {
    "text": "why?",
    "empty text": "",
    "umlauts": "Zürich 日本 🎉",
    "long text": "x" * 20_000,
    "json text": JsonText('{"a":1}'),
    "true": True,
    "false": False,
    "zero": 0,
    "negative": -1,
    "least": -(1 << 63),
    "greatest": (1 << 63) - 1,
    "float": 0.1,
    "infinite": float("inf"),
    "bytes": b"\x00\xff",
    "texts": ("a", "b"),
    "numbers": [1, 2.5, True],
    "empty list": [],
    "empty mapping": {},
    "mapping": {"a": {"b": [1, {"c": False}]}, "d": b"x"},
    "numbered mapping": {1: "one", None: "none", 2.5: "float"},
    "user list": UserList([1, "a"]),
    "user dict": UserDict({"a": 1}),
    "range": range(3),
    "int enum": Level.HIGH,
    "text enum": Flavour.SWEET,
    "float subclass": Ratio(0.5),
    "bytes subclass": Blob(b"z"),
}


if KNOWS_NONE:
    ALIKE.update({"none": None, "none in a list": [1, None], "none in a mapping": {"a": {"b": None}}})


@pytest.mark.parametrize("name", ALIKE)
def test_value_is_written_as_by_the_official_encoder(name: str) -> None:
    assert pairs_of({"key": ALIKE[name]}) == KeyValueList(values=_encode_attributes({"key": ALIKE[name]}))


plain = (
    (st.none() if KNOWS_NONE else st.nothing())
    | st.booleans()
    | st.integers(-(1 << 63), (1 << 63) - 1)
    | st.floats(allow_nan=False)
    | st.binary()
)
texts = st.text(st.characters(exclude_categories=["Cs"]))
trees = st.recursive(
    plain | texts, lambda below: st.lists(below) | st.dictionaries(texts, below), max_leaves=20
)


@given(st.dictionaries(texts, trees))
def test_any_plain_value_is_written_as_by_the_official_encoder(attributes: dict[str, Any]) -> None:
    assert pairs_of(attributes) == KeyValueList(values=_encode_attributes(attributes))


@pytest.mark.parametrize("number", [1 << 63, -(1 << 63) - 1, 10**400])
def test_integers_of_more_than_64_bits_become_their_digits(number: int) -> None:
    assert value_of(number).string_value == str(number)


def test_nan_stays_a_number() -> None:
    assert value_of(float("nan")).double_value != value_of(float("nan")).double_value


def test_lone_surrogates_become_their_escapes_as_text() -> None:
    assert value_of("a\ud800b").string_value == "a\\ud800b"
    assert value_of({"k\udfff": "\ud800"}).kvlist_value.values[0].key == "k\\udfff"
    assert pairs_of({"k\udfff": 1}).values[0].key == "k\\udfff"


def test_a_key_that_is_no_text_becomes_one() -> None:
    assert [pair.key for pair in pairs_of({7: 1, (1, "a"): 2}).values] == ["7", '[1,"a"]']


def nested(depth: int) -> list[Any]:
    value: list[Any] = ["leaf"]
    for _ in range(depth):
        value = [value]
    return value


def levels(value: AnyValue) -> int:
    return 1 + levels(value.array_value.values[0]) if value.HasField("array_value") else 0


def leaf(value: AnyValue) -> str:
    return leaf(value.array_value.values[0]) if value.HasField("array_value") else value.string_value


def test_what_is_nested_deeper_than_24_levels_becomes_json_text() -> None:
    assert MAX_DEPTH == 24
    assert levels(value_of(nested(23))) == 24
    assert leaf(value_of(nested(23))) == "leaf"
    assert levels(value_of(nested(24))) == 24
    assert leaf(value_of(nested(24))) == '["leaf"]'
    assert from_json(leaf(value_of(nested(60)))) == nested(36)


def test_the_deepest_mapping_can_be_read_inside_an_event() -> None:
    from opentelemetry.sdk.trace import Event

    from finished_spans import finished

    value: Any = "leaf"
    for _ in range(100):
        value = {"k": value}
    # The API would make text of it; what comes from the spool or another provider need not have passed there.
    event = Event("e")
    event._attributes = {"deep": value}
    (told,) = TracesData.FromString(encode_spans([finished(events=[event])])).resource_spans
    (attribute,) = told.scope_spans[0].spans[0].events[0].attributes
    below = attribute.value
    while below.WhichOneof("value") == "kvlist_value":
        (pair,) = below.kvlist_value.values
        below = pair.value
    # The levels below are JSON text.
    assert from_json(below.string_value)["k"]


def test_a_list_within_itself_ends() -> None:
    loop: list[Any] = []
    loop.append(loop)
    assert levels(value_of(loop)) == 24


def test_a_small_graph_that_unfolds_into_a_huge_tree_becomes_json_text() -> None:
    wide: Any = "x"
    for _ in range(20):
        wide = [wide] * 10
    assert value_of(wide).string_value == to_json(wide)


class Unreadable(UserDict):  # type: ignore[type-arg]
    def items(self) -> NoReturn:
        raise RuntimeError("no")


def test_a_value_that_raises_when_it_is_read_costs_no_neighbour() -> None:
    pairs = pairs_of(
        {"before": 1, "bad": Unreadable(a=1), "loud": LoudStr("x"), "int": LoudInt(3), "after": 2}
    )
    assert [pair.key for pair in pairs.values] == ["before", "bad", "loud", "int", "after"]
    assert pairs.values[2].value.string_value == "x"


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda each: each.name)
def test_every_hostile_value_has_a_form(hostile: Hostile) -> None:
    pairs = pairs_of({"bad": hostile.make(), "good": 1})
    assert [pair.key for pair in pairs.values] == ["bad", "good"]


def test_other_types_become_json_text() -> None:
    assert value_of({1}).string_value == "[1]"
    assert value_of(1j).string_value == to_json(1j)


def test_keys_are_remembered_within_bounds() -> None:
    encode_attributes(b"\x0a", {f"key {n}": n for n in range(_MOST_KEYS + 10)} | {"long " * 1000: 1})
    assert len(_encoded_keys) <= _MOST_KEYS
    assert max(len(key) for key in _encoded_keys) < _LONGEST_KEY
    assert [pair.key for pair in pairs_of({"key 9999": 1}).values] == ["key 9999"]


def test_no_attributes_are_no_bytes() -> None:
    assert encode_attributes(b"\x0a", None) == encode_attributes(b"\x0a", {}) == b""
