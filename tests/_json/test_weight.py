from typing import Any, NoReturn

import pytest

from hostile import Opaque, Silent, cycle_of_dicts, cycle_of_lists, nested
from spanscore._json._weight import DEEP, LONG, NARROW, SAMPLE, Level, Object, weight

pytestmark = pytest.mark.core
LIMIT = 1 << 20


def weighed(value: Any, limit: int = LIMIT) -> tuple[int, list[Object], list[Level], list[str]]:
    objects: list[Object] = []
    unread: list[Level] = []
    texts: list[str] = []
    return weight(value, limit, objects, unread, texts), objects, unread, texts


def rows(count: int) -> list[dict[str, Any]]:
    return [{"id": number, "name": "ab", "tags": ["c"]} for number in range(count)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, 0),
        (5, 0),
        ("text", 4),
        ([], 0),
        ({"key": "text"}, 6),
        ([1, 0.5, None, True, "ab", (1, "c"), {"key": ["d"]}], 24 + 2),
        (rows(NARROW + 1), (NARROW + 1) * (2 + 6 + 2 + 2 + 1)),
        ([rows(3), {"a": rows(100)}, "ab"], 6 + 2 + 2 + 6 + 200 + 103 * 11),
    ],
)
def test_characters_count_one_and_values_in_containers_two(value: Any, expected: int) -> None:
    assert weighed(value)[0] == expected


@pytest.mark.parametrize("value", [rows(3), rows(200), {"a": [rows(100), 1, (rows(2),)], "b": {"c": {}}}])
def test_all_objects_are_found(value: Any) -> None:
    def objects_in(value: Any) -> list[int]:
        below = (
            value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
        )
        return [id(value)] * isinstance(value, dict) + [
            found for child in below for found in objects_in(child)
        ]

    _, objects, unread, _ = weighed(value)
    assert sorted(map(id, objects)) == sorted(objects_in(value))
    assert unread == []


def test_of_a_wide_level_a_sample_is_weighed() -> None:
    value = rows(10 * SAMPLE)
    total, objects, unread, _ = weighed(value)
    assert total == len(value) * 13
    assert objects == []
    assert unread == [value]


def test_a_sample_has_neighbours_from_all_over() -> None:
    """Two kinds of values that take turns are both seen, and so are the last ones."""
    assert weighed(["", "a" * 100] * 10 * SAMPLE)[0] == 10 * SAMPLE * (4 + 100)
    assert weighed([""] * 10 * SAMPLE + ["a" * 100] * SAMPLE)[0] > 22 * SAMPLE + 50 * SAMPLE


@pytest.mark.parametrize("width", [1, 2, NARROW, 20, 300, 2000])
def test_a_small_graph_that_unfolds_into_a_huge_tree_weighs_too_much(width: int) -> None:
    value: Any = "text"
    for level in range(60 if width > 1 else DEEP + 10):
        value = [value] * width if level % 2 else {str(number): value for number in range(width)}
    assert weighed(value)[0] > LIMIT


@pytest.mark.parametrize("cycle", [cycle_of_lists, cycle_of_dicts])
def test_a_cycle_weighs_too_much(cycle: Any) -> None:
    assert weighed(cycle())[0] > LIMIT
    assert weighed([cycle() for _ in range(NARROW + 1)])[0] > LIMIT


def test_what_is_as_deep_as_json_may_be_is_weighed() -> None:
    assert weighed(nested(200, lambda value: [value]))[0] == 400
    assert weighed(nested(300, lambda value: [value]))[0] > LIMIT


@pytest.mark.parametrize("count", [3, 100, 10_000])
def test_texts_that_are_repeated_count_each_time(count: int) -> None:
    assert weighed(["a" * LIMIT] * count)[0] > LIMIT
    assert weighed([{"a": "a" * (LIMIT // 2)}] * count)[0] > LIMIT


@pytest.mark.parametrize(
    "wrap", [lambda text: text, lambda text: {"a": [text, "short"]}, lambda text: [text] * 20]
)
def test_long_texts_are_found(wrap: Any) -> None:
    text = "a" * (LONG + 1)
    assert set(weighed(wrap(text))[3]) == {text}
    assert weighed(wrap(text[1:]))[3] == []


def test_no_code_of_a_value_is_run() -> None:
    class Meta(type):
        def __hash__(cls) -> NoReturn:
            raise SystemExit

        def __eq__(cls, other: object) -> NoReturn:
            raise SystemExit

    class Exits(Silent, metaclass=Meta):
        pass

    class Key(str):
        __slots__ = ()

    for width in (1, NARROW + 1, 10 * SAMPLE):
        value = [{"a": [Exits(), Opaque(), Silent(), Exits], Key("b"): Key("c")}] * width
        assert weighed(value)[0] > 0
        assert weighed([Exits()] * width)[0] == 2 * width
