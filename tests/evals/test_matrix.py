"""Parameters from the command line: JSON where it is, text where not, and their combinations."""

from typing import Any

import pytest

from spanscore.errors import ConfigError
from spanscore.evals._matrix import combination_name, combinations, read_parameter, read_values

pytestmark = pytest.mark.core


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("p=text", "text"),
        ("p=1.5", 1.5),
        ("p=true", True),
        ("p=null", None),
        ("p=a=b", "a=b"),
        ('p="1"', "1"),
        ('p={"a": [1]}', {"a": [1]}),
        (" p = x y ", "x y"),
        ("p=NaN", "NaN"),
        ("p={broken", "{broken"),
        ("p=", ""),
    ],
)
def test_a_value_is_json_or_else_text(text: str, value: Any) -> None:
    assert read_parameter(text) == ("p", value)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("m=a,b", ("a", "b")),
        ("m=a", ("a",)),
        ("m=1, 2,x", (1, 2, "x")),
        ('m=["a,b", 2]', ("a,b", 2)),
        ('m="a,b",c', ("a,b", "c")),
        ("m=[1,2],[3]", ([1, 2], [3])),
        ('m={"a":1,"b":2},{}', ({"a": 1, "b": 2}, {})),
        (r'm="a\",b",c', ('a",b', "c")),
        ("m=,b", ("", "b")),
    ],
)
def test_values_stand_between_commas_or_in_a_list(text: str, values: tuple[Any, ...]) -> None:
    assert read_values(text) == ("m", values)


@pytest.mark.parametrize("text", ["name", "=x", "name=", "", "m=[]"])
def test_what_names_nothing_is_an_error(text: str) -> None:
    with pytest.raises(ConfigError, match=r"has no value|is no name with a value"):
        read_values(text)


def test_every_combination_in_order() -> None:
    found = list(combinations([("a", (1, 2)), ("b", ("x", "y"))]))
    assert found == [{"a": 1, "b": "x"}, {"a": 1, "b": "y"}, {"a": 2, "b": "x"}, {"a": 2, "b": "y"}]
    assert list(combinations([])) == [{}]
    with pytest.raises(ConfigError, match="gives a twice"):
        combinations([("a", (1,)), ("a", (2,))])


def test_a_combination_names_its_experiment() -> None:
    assert combination_name({"model": "small", "n": 2, "stop": ["a"]}) == 'model=small,n=2,stop=["a"]'
