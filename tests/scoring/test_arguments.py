import functools
import operator
from collections.abc import Callable
from typing import Any

import pytest

from spanscore.errors import ScorerSignatureError
from spanscore.scoring import is_async_callable, plan_arguments

pytestmark = pytest.mark.core

ORDER = ("input", "output", "expected", "metadata")
VALUES = {"input": "I", "output": "O", "expected": "E", "metadata": "M", "tags": "T"}
ALL = {**VALUES}


def called(function: Callable[..., Any]) -> Any:
    return plan_arguments(function, available=tuple(VALUES), in_order=ORDER, owner="f").call(function, VALUES)


def by_name(output: Any, expected: Any) -> Any:
    return output, expected


def keyword_only(*, expected: Any, output: Any) -> Any:
    return expected, output


def positional_only(output: Any, tags: Any, /) -> Any:
    return output, tags


def with_defaults(output: Any, model: str = "m", expected: Any = None, *, trace: Any = None) -> Any:
    return output, model, expected, trace


def after_a_gap(model: str = "m", output: Any = None, /, tags: Any = None) -> Any:
    return model, output, tags


def everything(**kwargs: Any) -> Any:
    return kwargs


def the_rest(output: Any, *args: Any, expected: Any = None, **kwargs: Any) -> Any:
    return output, args, expected, kwargs


def named_default(a: Any, b: Any, output: Any = None) -> Any:
    return a, b, output


class Callee:
    def __call__(self, output: Any) -> Any:
        return output

    def method(self, expected: Any) -> Any:
        return expected

    @staticmethod
    def static(tags: Any) -> Any:
        return tags


CALLS: dict[str, tuple[Callable[..., Any], Any]] = {
    "by name, in any order": (by_name, ("O", "E")),
    "keyword only": (keyword_only, ("E", "O")),
    "positional only": (positional_only, ("O", "T")),
    "defaults stay where there is no such value": (with_defaults, ("O", "m", "E", None)),
    "a default before what is passed": (after_a_gap, ("m", None, "T")),
    "two by position": (lambda i, o: (i, o), ("I", "O")),
    "three by position": (lambda i, o, e: (i, o, e), ("I", "O", "E")),
    "four by position": (lambda i, o, e, m: (i, o, e, m), ("I", "O", "E", "M")),
    "position leaves out what has a name": (named_default, ("I", "E", "O")),
    "a builtin": (operator.eq, False),
    "all of it": (everything, VALUES),
    "the rest": (the_rest, ("O", (), "E", {"input": "I", "metadata": "M", "tags": "T"})),
    "nothing": (lambda: 1, 1),
    "only *args": (lambda *args: args, ("I", "O", "E", "M")),
    "*args after a name": (lambda output, *args: (output, args), ("O", ("I", "E", "M"))),
    "an object": (Callee(), "O"),
    "a method": (Callee().method, "E"),
    "a static method": (Callee.static, "T"),
    "a partial": (functools.partial(by_name, expected="P"), ("O", "P")),
}


@pytest.mark.parametrize(("function", "result"), CALLS.values(), ids=CALLS.keys())
def test_call(function: Callable[..., Any], result: Any) -> None:
    assert called(function) == result


def one_unknown(x: Any) -> Any:
    return x


def unknown_among_known(output: Any, criteria: Any) -> Any:
    return output, criteria


def unknown_keyword(a: Any, b: Any, *, c: Any) -> Any:
    return a, b, c


def too_many(a: Any, b: Any, c: Any, d: Any, e: Any) -> Any:
    return a, b, c, d, e


REFUSED: dict[str, tuple[Callable[..., Any], str]] = {
    "an unknown name among known ones": (
        unknown_among_known,
        "f wants criteria, which an eval does not have",
    ),
    "a lone unknown name": (one_unknown, "f wants x"),
    "an unknown keyword": (unknown_keyword, "f wants a, b, c"),
    "too many": (too_many, "f wants a, b, c, d, e"),
    "no signature": (dict, "f does not tell its parameters"),
}


@pytest.mark.parametrize(("function", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_what_nobody_fills_is_refused(function: Callable[..., Any], message: str) -> None:
    with pytest.raises(ScorerSignatureError, match=message):
        called(function)


async def coroutine() -> None: ...


class AsyncCallee:
    async def __call__(self) -> None: ...

    async def method(self) -> None: ...


@pytest.mark.parametrize(
    ("function", "is_async"),
    [
        (coroutine, True),
        (functools.partial(functools.partial(coroutine)), True),
        (AsyncCallee(), True),
        (functools.partial(AsyncCallee()), True),
        (AsyncCallee().method, True),
        (by_name, False),
        (Callee(), False),
        (functools.partial(by_name), False),
    ],
)
def test_is_async(function: Callable[..., Any], *, is_async: bool) -> None:
    assert is_async_callable(function) is is_async


def test_what_the_function_raises_passes_unchanged() -> None:
    error = KeyError("own")

    def fails(output: Any) -> None:
        raise error

    with pytest.raises(KeyError) as caught:
        called(fails)
    assert caught.value is error
