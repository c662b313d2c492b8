"""MessagePack: what it holds comes back as it was, the rest as text; nothing raises."""

import datetime
import gc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore._json import JsonText
from spanscore.delivery._messagepack import packed, plain, unpack

pytestmark = pytest.mark.core
SCALARS = st.none() | st.booleans() | st.integers(-(1 << 63), (1 << 64) - 1) | st.floats(allow_nan=False)
PLAIN = st.recursive(
    SCALARS | st.text() | st.binary(),
    lambda inner: st.lists(inner).map(tuple) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(PLAIN)
def test_plain_data_comes_back(value: Any) -> None:
    assert unpack(packed(value)) == value


OTHERS: dict[str, tuple[Any, Any]] = {
    "lone surrogate": ("a\ud800b", "a\\ud800b"),
    "lone surrogate in a key": ({"\ud800": 1}, {"\\ud800": 1}),
    "more than 64 bits": (1 << 64, "0x10000000000000000"),
    "less than 64 bits": (-(1 << 63) - 1, "-0x8000000000000001"),
    "large number beside others": ([1 << 70, 1], ("0x400000000000000000", 1)),
    "bytearray": ([bytearray(b"x"), "\ud800"], (b"x", "\\ud800")),
    "object": ({"at": datetime.date(2020, 1, 2)}, {"at": '"2020-01-02"'}),
    "key that is no text": ({1.5: 2, "\udfff": 3}, {"1.5": 2, "\\udfff": 3}),
    "set": ({"s": {1}}, {"s": "[1]"}),
    "json text": (JsonText("{}"), "{}"),
}


@pytest.mark.parametrize(("value", "expected"), OTHERS.values(), ids=OTHERS)
def test_what_it_cannot_hold_becomes_text(value: Any, expected: Any) -> None:
    assert unpack(packed(value)) == expected


def test_depth_ends_in_text() -> None:
    deep: list[Any] = ["\ud800"]
    for _ in range(2000):
        deep = [deep]
    read = unpack(packed(deep))
    levels = 0
    while isinstance(read, tuple):
        (read,) = read  # pyright: ignore[reportUnknownVariableType]
        levels += 1
    assert (levels, type(read)) == (32, str)


def test_value_that_holds_itself_ends() -> None:
    loop: dict[str, Any] = {}
    loop["again"] = loop
    assert unpack(packed(loop))


@given(st.text(st.characters(categories=["Cs", "L"])))
def test_all_text_becomes_valid_text(text: str) -> None:
    assert isinstance(plain(text).encode(), bytes)
    assert unpack(packed(text)) == plain(text)


def test_value_packed_by_the_garbage_collector_in_between_disturbs_nothing() -> None:
    class Ending:
        def __del__(self) -> None:
            assert unpack(packed({"inner": "x" * 100})) == {"inner": "x" * 100}

    class Text(dict[str, Any]):
        def items(self) -> Any:
            loop = [Ending()]
            loop.append(loop)  # type: ignore[arg-type]
            del loop
            gc.collect()
            return super().items()

    value = ["a" * 50, Text(b=1), {"\ud800": Text(c=2)}]
    assert unpack(packed(value)) == ("a" * 50, {"b": 1}, {"\\ud800": {"c": 2}})
