from typing import Any

import pytest

from spanscore.errors import ScorerSignatureError
from spanscore.scoring import NamedScorer, Score, prepare_scorers, scorer

pytestmark = pytest.mark.core

VALUES = {"input": "i", "output": "o", "expected": "e", "metadata": {}}


def exact(output: Any, expected: Any) -> bool:
    return output == expected


async def slow(output: Any) -> float:
    return 0.5


class ByEval:
    def eval(self, output: Any, expected: Any = None) -> float:
        return 0.25


class Needy:
    def __init__(self, model: str) -> None: ...


@scorer("decorated")
def decorated(output: Any, *, strict: bool = False) -> float:
    return 0.0 if strict else 1.0


NAMED: dict[str, tuple[NamedScorer, bool, Any]] = {
    "a function": (scorer("mine", exact), False, False),
    "a lambda by position": (scorer("mine", lambda i, o, e: (i, o, e) == ("i", "o", "e")), False, True),
    "an object with eval": (scorer("mine", ByEval()), False, 0.25),
    "a class": (scorer("mine", ByEval), False, 0.25),
    "a decorated function": (decorated, False, 1.0),
    "a renamed one": (scorer("mine", scorer("yours", exact)), False, False),
}


@pytest.mark.parametrize(("named", "is_async", "raw"), NAMED.values(), ids=NAMED.keys())
def test_a_named_scorer(named: NamedScorer, is_async: bool, raw: Any) -> None:
    [prepared] = prepare_scorers([named])
    assert (prepared.name, prepared.is_async, prepared.call(VALUES)) == (named.name, is_async, raw)
    assert prepared.read(raw) == (Score(named.name, float(raw)),)


async def test_an_async_one_stays_async() -> None:
    [prepared] = prepare_scorers([scorer("mine", slow)])
    assert prepared.is_async
    assert await prepared.call(VALUES) == 0.5


def test_it_can_be_called_as_the_function_is() -> None:
    assert (decorated("o", strict=True), scorer("mine", exact)("a", expected="a")) == (0.0, True)


@pytest.mark.parametrize(
    ("name", "function", "message"),
    [
        ("", exact, "a scorer's name is ''"),
        (exact, None, "a scorer's name is <function exact"),
        ("five", 5, "the scorer five is 5, which cannot be called"),
        ("needy", Needy, "the scorer class Needy cannot be made without arguments"),
    ],
)
def test_what_cannot_be_named(name: Any, function: Any, message: str) -> None:
    with pytest.raises(ScorerSignatureError, match=message):
        scorer(name, function)
