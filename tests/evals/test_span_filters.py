from typing import Any

import pytest

from spanscore.errors import ConfigError
from spanscore.evals._span_filters import checked_filters, is_match
from trace_rows import row

pytestmark = pytest.mark.core

CHAT = row(
    "chat",
    "llm",
    duration_s=1.5,
    metadata={"model": "m", "n": 1, "on": True, "deep": {"k": [1, {"a": None}]}},
)
FAILED = row("search", "tool", number=2, duration_s=0.5, error="KeyError: 'a'")
ROWS = {"chat": CHAT, "search": FAILED}

PASSING: dict[str, tuple[Any, list[str]]] = {
    "nothing asked for": ({}, ["chat", "search"]),
    "no filters": (None, ["chat", "search"]),
    "a type": ({"span_type": ["llm"]}, ["chat"]),
    "one of two types": ({"span_type": ["llm", "tool"]}, ["chat", "search"]),
    "no type at all": ({"span_type": []}, []),
    "a name": ({"name": ["search"]}, ["search"]),
    "all have to hold": ({"span_type": ["llm"], "name": ["search"]}, []),
    "an error": ({"has_error": True}, ["search"]),
    "no error": ({"has_error": False}, ["chat"]),
    "metadata": ({"metadata": {"model": "m"}}, ["chat"]),
    "metadata in depth": ({"metadata": {"deep": {"k": [1, {"a": None}]}}}, ["chat"]),
    "a list of another length": ({"metadata": {"deep": {"k": [1]}}}, []),
    "true is not 1": ({"metadata": {"n": True}}, []),
    "1 is not true": ({"metadata": {"on": 1}}, []),
    "absent": ({"metadata": {"missing": None}}, ["chat", "search"]),
    "a path through a text": ({"metadata": {"model": {"k": 1}}}, []),
    "no metadata asked for": ({"metadata": {}}, ["chat", "search"]),
    "at least a second": ({"duration": {"min": 1}}, ["chat"]),
    "bounds are inclusive": ({"duration": {"min": 0.5, "max": 1.5}}, ["chat", "search"]),
    "at most": ({"duration": {"max": 1.4}}, ["search"]),
    "no bounds": ({"duration": {}}, ["chat", "search"]),
}


@pytest.mark.parametrize(("filters", "names"), PASSING.values(), ids=PASSING.keys())
def test_what_passes(filters: Any, names: list[str]) -> None:
    checked = checked_filters(filters)
    assert [name for name, span in ROWS.items() if is_match(span, checked)] == names


def test_the_type_beside_the_filters() -> None:
    assert checked_filters({"name": ["a"]}, ["llm"]) == {"name": ["a"], "span_type": ["llm"]}
    assert checked_filters({"name": ["a"]}, []) == {"name": ["a"]}


REFUSED: dict[str, tuple[Any, str]] = {
    "an unknown filter": ({"model": "m"}, "there is no filter 'model'; give some of span_type, name"),
    "no dict": (["llm"], r"filters is \['llm'\]"),
    "a text for a list": ({"span_type": "llm"}, "is 'llm'; give a list of texts"),
    "numbers for texts": ({"name": [1]}, r"filters\['name'\] is \[1\]"),
    "no bool": ({"has_error": 1}, "is 1; give True or False"),
    "metadata that is no dict": ({"metadata": "m"}, "is 'm'; give a dict"),
    "an unknown bound": ({"duration": {"most": 1}}, "has 'most': 1; give seconds as min and max"),
    "a bound that is no number": ({"duration": {"min": "1"}}, "has 'min': '1'"),
    "a bound without end": ({"duration": {"max": float("inf")}}, "has 'max': inf"),
    "a bool for a bound": ({"duration": {"max": True}}, "has 'max': True"),
}


@pytest.mark.parametrize(("filters", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused(filters: Any, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        checked_filters(filters)


def test_the_type_is_given_once() -> None:
    with pytest.raises(ConfigError, match="span_type is given twice"):
        checked_filters({"span_type": ["llm"]}, ["llm"])
