"""What is said of the cases where filters have chosen none."""

import re

import pytest

from spanscore.evals._case import EvalCase
from spanscore.evals._misses import Misses

pytestmark = pytest.mark.core

TOPICS = [EvalCase(input=n, metadata={"topic": topic, "plan": "pro"}) for n, topic in enumerate("aab")]
NUMBERED = [EvalCase(input=number + 1, tags=("x",)) for number in range(9)]


def text(filters: dict[str, str], cases: list[EvalCase]) -> str:
    misses = Misses([(path, re.compile(pattern)) for path, pattern in filters.items()])
    for case in cases:
        misses.add(case)
    return misses.text


SAID: dict[str, tuple[dict[str, str], list[EvalCase], str]] = {
    "no cases": ({"input": "a"}, [], "the data has no cases"),
    "values": ({"metadata.topic": "c"}, TOPICS, "of 3 cases metadata.topic is a in 2, b in 1"),
    "one case": ({"input": "c"}, TOPICS[:1], "of the one case input is 0 in 1"),
    "not everywhere": (
        {"metadata.topic": "c"},
        [*TOPICS, EvalCase(input=1)],
        "of 4 cases metadata.topic is a in 2, b in 1, absent in 1",
    ),
    "many values": (
        {"input": "x"},
        NUMBERED,
        "of 9 cases input is 1 in 1, 2 in 1, 3 in 1, 4 in 1, 5 in 1, 4 other values",
    ),
    "a long value": (
        {"input": "y"},
        [EvalCase(input="x" * 99)],
        f"of the one case input is {'x' * 39}… in 1",
    ),
    "a wrong name": (
        {"metadata.tpic": ""},
        TOPICS,
        "of 3 cases none has metadata.tpic; they have metadata.topic, metadata.plan",
    ),
    "below a value": ({"input.text": ""}, NUMBERED, "of 9 cases none has input.text; they have input"),
    "nothing above": (
        {"metadata.a.b": ""},
        NUMBERED,
        "of 9 cases none has metadata.a.b; they have input, tags",
    ),
    "never at once": (
        {"metadata.topic": "a", "input": "2"},
        TOPICS,
        "of 3 cases 2 match metadata.topic=a; 1 match input=2",
    ),
    "no filter": ({}, TOPICS, "none of them is in the data, which has 3"),
}


@pytest.mark.parametrize("name", SAID)
def test_it_says_what_is_there(name: str) -> None:
    filters, cases, said = SAID[name]
    assert text(filters, cases) == said


def test_no_more_than_a_thousand_values_are_held() -> None:
    misses = Misses([("input", re.compile("x"))])
    for number in range(3_000):
        misses.add(EvalCase(input=number))
    assert misses.text.endswith("4 in 1, 995 other values")
