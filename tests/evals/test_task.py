import functools
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from spanscore.errors import ScorerSignatureError
from spanscore.evals import EvalCase, EvalHooks
from spanscore.evals._task import exhausted, is_unsettled, prepare_task, settled
from spanscore.tracing import NOOP_SPAN

pytestmark = pytest.mark.core

HOOKS = EvalHooks(EvalCase(input=None), span=NOOP_SPAN)


async def coroutine(value: Any) -> Any:
    return [value]


async def async_generator(value: Any) -> AsyncIterator[Any]:
    yield value


def plain_generator(value: Any) -> Iterator[Any]:
    yield value


class Plain:
    def __call__(self, value: Any) -> Any:
        return [value]

    def method(self, value: Any) -> Any:
        return [value]

    async def coroutine_method(self, value: Any) -> Any:
        return [value]


class Async:
    async def __call__(self, value: Any) -> Any:
        return [value]


class Configured(Plain):
    def __init__(self, model: str = "small") -> None:
        self.model = model


class Made(list[Any]):
    def __init__(self, value: Any) -> None:
        super().__init__([value])


def with_option(option: str, value: Any) -> Any:
    return [value]


async def async_with_option(option: str, value: Any) -> Any:
    return [value]


FORMS: dict[str, tuple[Callable[..., Any], bool]] = {
    "function": (lambda value: [value], False),
    "coroutine function": (coroutine, True),
    "lambda of a coroutine": (lambda value: coroutine(value), False),
    "callable object": (Plain(), False),
    "object with async __call__": (Async(), True),
    "method": (Plain().method, False),
    "coroutine method": (Plain().coroutine_method, True),
    "partial": (functools.partial(with_option, "o"), False),
    "partial of a coroutine function": (functools.partial(async_with_option, "o"), True),
    "generator function": (plain_generator, False),
    "async generator function": (async_generator, True),
    "lambda of an async generator": (lambda value: async_generator(value), False),
    "class of callable objects": (Plain, False),
    "class of objects with async __call__": (Async, True),
    "class of callable objects with options": (Configured, False),
    "class that is made of the input": (Made, False),
}


@pytest.mark.parametrize("name", FORMS)
async def test_every_form_of_task_gives_its_output(name: str) -> None:
    function, is_async = FORMS[name]
    task = prepare_task(function)
    assert task.is_async is is_async
    returned = task.call(1, None)
    if not is_async and not is_unsettled(returned):
        assert exhausted(returned) == [1]
    else:
        assert await settled(returned) == [1]


def test_of_a_class_one_task_is_made_for_all_cases() -> None:
    made: list[Any] = []

    class Counted:
        def __init__(self) -> None:
            made.append(self)

        def __call__(self, value: Any, hooks: Any) -> Any:
            return (self, value, hooks)

    task = prepare_task(Counted)
    assert [task.call(1, HOOKS), task.call(2, HOOKS)] == [(made[0], 1, HOOKS), (made[0], 2, HOOKS)]
    assert len(made) == 1


SIGNATURES: dict[str, tuple[Callable[..., Any], tuple[bool, bool]]] = {
    "input": (lambda value: value, (False, False)),
    "any name": (lambda question: question, (False, False)),
    "a default": (lambda value, model="gpt": value, (False, False)),
    "two": (lambda value, h: value, (True, False)),
    "hooks": (lambda value, hooks: value, (True, True)),
    "hooks with a default": (lambda value, hooks=None: value, (True, True)),
    "hooks after a default": (lambda value, model="gpt", hooks=None: value, (True, True)),
    "keyword-only hooks": (lambda value, *, hooks: value, (True, True)),
    "hooks as the input": (lambda hooks: hooks, (False, False)),
    "*args": (lambda *args: args[0], (False, False)),
    "**kwargs": (lambda value, **kwargs: value, (False, False)),
    "a class": (str, (False, False)),
}


@pytest.mark.parametrize("name", SIGNATURES)
def test_hooks_are_given_to_a_second_parameter_without_default_or_of_that_name(name: str) -> None:
    function, expected = SIGNATURES[name]
    task = prepare_task(function)
    assert (task.wants_hooks, task.by_keyword) == expected


def test_a_positional_only_parameter_gets_the_hooks() -> None:
    def positional(value: Any, hooks: Any, /) -> Any:
        return (value, hooks)

    assert prepare_task(positional).call(1, HOOKS) == (1, HOOKS)


def nothing() -> None:
    """No input."""


def three(value: Any, hooks: Any, model: Any) -> None:
    """One too many."""


def keyword(value: Any, *, model: Any) -> None:
    """A keyword that nobody gives."""


WRONG: dict[str, tuple[Any, str]] = {
    "no function": ("task", "the task is a str; give a function of the input"),
    "no argument": (nothing, "the task nothing takes no argument; give a function of the input"),
    "three": (
        three,
        "the task three wants model, which an eval does not have; give task(input) or task(input, hooks)",
    ),
    "keyword": (
        keyword,
        "the task keyword wants model, which an eval does not have; give task(input) or task(input, hooks)",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_called_is_refused(name: str) -> None:
    task, message = WRONG[name]
    with pytest.raises(ScorerSignatureError) as caught:
        prepare_task(task)
    assert str(caught.value) == message
