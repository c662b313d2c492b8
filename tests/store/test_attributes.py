"""Attributes: taking them, and what flattened keys stand for."""

from typing import Any

import pytest

from spanscore._json import JsonText, to_json
from spanscore.store._attributes import Attributes, nested, nested_object, parsed, parsed_object, printable

pytestmark = pytest.mark.core


@pytest.mark.parametrize(
    ("flat", "expected"),
    [
        ({"a": 1}, {"a": 1}),
        ({"a.b": 1, "a.c": 2}, {"a": {"b": 1, "c": 2}}),
        ({"1": "b", "0": "a"}, ["a", "b"]),
        ({"0": "a", "999999999": "b"}, ["a", "b"]),
        ({"0": "a", "x": "b"}, {"0": "a", "x": "b"}),
        ({"a": 1, "a.b": 2}, {"a": 1, "a.b": 2}),
        ({"x.a": 1, "x.a.b": 2}, {"x": {"a": 1, "a.b": 2}}),
        ({"a": {"given": 1}, "a.b": 2}, {"a": {"given": 1}, "a.b": 2}),
        ({"": 1}, {"": 1}),
        ({"..": 1}, {"": {"": {"": 1}}}),
        ({"²": 1}, {"²": 1}),
        ({"9" * 20: 1}, {"9" * 20: 1}),
        ({"__proto__.x": 1}, {"__proto__": {"x": 1}}),
    ],
)
def test_nested(flat: dict[str, Any], expected: Any) -> None:
    assert nested(flat) == expected


def test_an_object_is_wanted() -> None:
    assert nested_object({"0": "a", "1.0": "b"}) == {"0": "a", "1": ["b"]}


def test_a_key_of_many_dots_is_no_deep_tree() -> None:
    value: Any = nested({"." * 100_000: 1})
    depth = 0
    while isinstance(value, dict):
        (value,) = value.values()
        depth += 1
    assert depth == 32


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("[1]", "[1]"),
        (" null ", " null "),
        ("{no", None),
        ("NaN", None),
        (5, None),
        ('"\ud800"', None),
        ('"\\ud800"', '"\\ud800"'),
        (JsonText("whatever"), "whatever"),
    ],
)
def test_parsed(value: Any, text: str | None) -> None:
    assert parsed(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(' {"a":1}', ' {"a":1}'), ("[1]", None), ({"a": 1}, to_json({"a": 1})), (None, None)]
)
def test_parsed_object(value: Any, text: str | None) -> None:
    assert parsed_object(value) == text


def test_taking() -> None:
    attributes = Attributes({"a": 1, "b": "[2]", "c": "{", "d.x": 3, "d.": 4, "e": "{}"})
    assert (attributes.take("no", "a"), attributes.take("a")) == (1, None)
    assert (attributes.take_json("b"), attributes.take_json("c"), attributes.take_object("e")) == (
        "[2]",
        None,
        "{}",
    )
    assert attributes.take_below("d.") == {"x": 3}
    assert attributes.left == {"c": "{", "d.": 4}


def test_printable() -> None:
    assert [printable(text) for text in ("a", "é", "\ud800x")] == ["a", "é", "?x"]
