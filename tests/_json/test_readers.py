import itertools
import time
from collections.abc import Callable
from typing import Any

import pytest

from hostile import LoudMapping, Node, Point, Watched
from spanscore._json._allowance import Allowance
from spanscore._json._readers import describe, field_names, find_reader, read_collection, read_mapping
from spanscore._json._tree import Gap

pytestmark = pytest.mark.core

FOR_EVER = time.monotonic() + 1e9


class Struct:
    __struct_fields__ = ("a", "b")


@pytest.mark.parametrize(
    ("kind", "fields"), [(Node, ["name", "next"]), (Struct, ["a", "b"]), (int, []), (Point, [])]
)
def test_declared_fields(kind: type, fields: list[str]) -> None:
    assert field_names(kind) == fields


@pytest.mark.parametrize(
    ("kind", "reader"), [(LoudMapping, read_mapping), (object, describe), (Watched, describe)]
)
def test_reader_of_a_class(kind: type, reader: Callable[..., Any]) -> None:
    assert find_reader(kind) is reader


def test_a_collection_is_read_as_far_as_wanted() -> None:
    items = read_collection({1: 2, 3: 4, 5: 6}.keys(), Allowance(2, FOR_EVER))
    assert (items[:2], items[2].text) == ([1, 3], "[spanscore: more items cut]")


def test_a_mapping_is_read_until_the_time_is_over() -> None:
    read = read_mapping(LoudMapping(itertools.count), Allowance(100, time.monotonic() - 1))
    assert [type(value) for value in read.values()] == [Gap]
    assert list(read) == ["[spanscore]"]
