"""What functions refer to, and whose code it is."""

import functools
import json
import unittest.mock
from collections.abc import Callable
from types import FunctionType
from typing import Any

import pytest

from spanscore.evals._references import attributes, file_of, is_library, references, wrapped

pytestmark = pytest.mark.core

LIMIT = 3
TABLE = {"a": 1}
filled: list[str] = []


def makes(factor: int) -> Callable[[int], int]:
    def inner(number: int) -> int:
        filled.append(str(number))
        return max(number * factor, LIMIT, *[TABLE[key] for key in TABLE], later)

    later = 1
    return inner


def test_names_of_surrounding_functions_and_of_the_module() -> None:
    function = makes(2)
    assert isinstance(function, FunctionType)
    assert list(references(function)) == [("factor", 2), ("later", 1), ("LIMIT", 3), ("TABLE", TABLE)]


def test_a_name_that_has_no_value_yet() -> None:
    def inner() -> int:
        return later

    assert isinstance(inner, FunctionType)
    assert list(references(inner)) == []
    later = 1


def test_of_a_library_only_what_it_has_captured() -> None:
    assert isinstance(json.loads, FunctionType)
    assert list(references(json.loads)) == []


def test_whose_code_it_is() -> None:
    assert is_library(json.__file__)
    assert is_library(pytest.__file__)
    assert not is_library(__file__)
    assert is_library(file_of(json.JSONDecoder))
    assert is_library(file_of(int))
    assert file_of(type("Made", (), {"__module__": "__main__"})) == ""


def test_decorated_functions_and_what_only_says_it_is_one() -> None:
    assert wrapped(functools.cache(makes)) is makes
    assert wrapped(unittest.mock.MagicMock()) is None
    assert wrapped(makes) is None


class Above:
    __slots__ = "one"


class Slotted(Above):
    __slots__ = ("__dict__", "two")


def test_attributes_in_slots_and_out_of_them() -> None:
    given: Any = Slotted()
    given.one, given.three = 1, 3
    assert attributes(given) == {"one": 1, "three": 3}
