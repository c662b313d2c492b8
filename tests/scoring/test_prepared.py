import functools
import inspect
from typing import Any

import pytest

from spanscore.errors import ScorerSignatureError
from spanscore.scoring import PreparedScorer, Score, prepare_scorers

pytestmark = pytest.mark.core

VALUES = {
    "input": "how much",
    "output": "4",
    "expected": "4",
    "metadata": {"k": 1},
    "tags": ("a",),
    "trial_index": 0,
    "trace": None,
    "id": None,
    "user_data": None,
}


def exact(output: Any, expected: Any) -> bool:
    return output == expected


async def slow(output: Any) -> float:
    return 0.5


class ByEval:
    def eval(self, output: Any, expected: Any = None) -> float:
        return 0.25


class ByEvalAsync(ByEval):
    async def eval_async(self, output: Any, expected: Any = None) -> float:
        return 0.75


class Judge:
    def __init__(self, name: str = "judge") -> None:
        self.name = name

    def __call__(self, output: Any) -> Score:
        return Score(self.name, 1.0)


class SelfNamed:
    def _name(self) -> str:
        return "mine"

    def __call__(self, output: Any) -> float:
        return 1.0


class Needy:
    def __init__(self, model: str) -> None: ...

    def __call__(self, output: Any) -> float:
        return 1.0


async def scores(scorer: PreparedScorer) -> tuple[Score, ...]:
    raw = scorer.call(VALUES)
    assert inspect.isawaitable(raw) == scorer.is_async
    return scorer.read(await raw if scorer.is_async else raw)


KINDS: dict[str, tuple[Any, Score]] = {
    "a function": (exact, Score("exact", 1.0)),
    "a coroutine function": (slow, Score("slow", 0.5)),
    "a lambda": (lambda i, o, e: o == e, Score("scorer_0", 1.0)),
    "a partial": (functools.partial(exact, expected="5"), Score("exact", 0.0)),
    "an object with eval": (ByEval(), Score("ByEval", 0.25)),
    "a class": (ByEval, Score("ByEval", 0.25)),
    "eval_async before eval": (ByEvalAsync(), Score("ByEvalAsync", 0.75)),
    "an object that is called": (Judge(), Score("judge", 1.0)),
    "an object with _name": (SelfNamed(), Score("mine", 1.0)),
}


@pytest.mark.parametrize(("scorer", "score"), KINDS.values(), ids=KINDS.keys())
async def test_kinds_of_scorers(scorer: Any, score: Score) -> None:
    [prepared] = prepare_scorers([scorer])
    assert (prepared.name, await scores(prepared)) == (score.name, (score,))


def test_a_suffix_is_not_given_twice() -> None:
    names = [scorer.name for scorer in prepare_scorers([Judge("a"), Judge("a_2"), Judge("a")])]
    assert names == ["a", "a_2", "a_3"]


def test_lambdas_are_numbered_by_their_place() -> None:
    prepared = prepare_scorers([exact, lambda output: 1.0, lambda output: 0.0])
    assert [scorer.name for scorer in prepared] == ["exact", "scorer_1", "scorer_2"]


def test_takes() -> None:
    [prepared] = prepare_scorers([exact])
    assert [name for name in VALUES if prepared.takes(name)] == ["output", "expected"]


def test_values_that_an_eval_does_not_have() -> None:
    def wants_hooks(output: Any, hooks: Any) -> float:
        return 1.0

    with pytest.raises(ScorerSignatureError, match="the scorer wants_hooks wants hooks"):
        prepare_scorers([wants_hooks])
    [prepared] = prepare_scorers([wants_hooks], available=("output", "hooks"))
    assert prepared.takes("hooks")


@pytest.mark.parametrize(
    ("scorer", "message"),
    [(5, "5 is no scorer"), (Needy, "the scorer class Needy cannot be made without arguments")],
)
def test_what_is_no_scorer(scorer: Any, message: str) -> None:
    with pytest.raises(ScorerSignatureError, match=message):
        prepare_scorers([scorer])
