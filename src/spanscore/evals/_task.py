"""The task: the user's function, however it wants to be called."""

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from types import AsyncGeneratorType, CoroutineType, GeneratorType
from typing import Any, Final, cast

from spanscore.errors import ScorerSignatureError
from spanscore.evals._hooks import EvalHooks
from spanscore.scoring import is_async_callable

_VARIADIC: Final = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
_BY_KEYWORD: Final = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task ready to be called with a case's input.

    `wants_hooks` says whether it takes EvalHooks, by the keyword `hooks` if `by_keyword`. `is_async` says
    that calling it only makes an awaitable, so that it is called in the event loop rather than in a thread.
    """

    function: Callable[..., Any]
    is_async: bool
    wants_hooks: bool
    by_keyword: bool

    def call(self, value: Any, hooks: EvalHooks | None) -> Any:
        """What the function returns for the input `value`; may be awaitable."""
        if hooks is None:
            return self.function(value)
        return self.function(value, hooks=hooks) if self.by_keyword else self.function(value, hooks)


def prepare_task(task: Any) -> Task:
    """The task, called with hooks if it has a second parameter without default or one named hooks.

    Of a class whose instances can be called one is made, once for all cases; another class is called with
    the input. Raises ScorerSignatureError when it is no function or wants more than that, and whatever the
    class raises.
    """
    if not callable(task):
        raise ScorerSignatureError(f"the task is a {type(task).__name__}; give a function of the input")
    if _makes_callables(task):
        task = task()
    wants_hooks, by_keyword = _hooks_wanted(task)
    return Task(
        function=task,
        is_async=is_async_callable(task) or inspect.isasyncgenfunction(task),
        wants_hooks=wants_hooks,
        by_keyword=by_keyword,
    )


async def settled(returned: Any) -> Any:
    """The output behind what a task returned: awaited, and for a generator the list of what it yields."""
    if _is_awaitable(returned):
        returned = await returned
    if type(returned) is AsyncGeneratorType:
        return [chunk async for chunk in cast("AsyncIterator[Any]", returned)]
    return exhausted(returned)


def exhausted(returned: Any) -> Any:
    """`returned`, or for a generator the list of what it yields."""
    if type(returned) is GeneratorType:
        return list(cast("Iterator[Any]", returned))
    return returned


def is_unsettled(returned: Any) -> bool:
    """True if `returned` has to be settled in the event loop."""
    return type(returned) is AsyncGeneratorType or _is_awaitable(returned)


def _is_awaitable(returned: Any) -> bool:
    """By the real class: an output that says it is of another may raise when it is asked."""
    kind = cast("type[Any]", type(returned))
    if kind is GeneratorType:
        return inspect.isawaitable(returned)
    return kind is CoroutineType or issubclass(kind, Awaitable)


def _hooks_wanted(task: Callable[..., Any]) -> tuple[bool, bool]:
    try:
        parameters = list(inspect.signature(task).parameters.values())
    except (ValueError, TypeError):  # a builtin that does not tell its signature
        return False, False
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    if not positional and not any(p.kind is p.VAR_POSITIONAL for p in parameters):
        raise ScorerSignatureError(f"the task {_name(task)} takes no argument; give a function of the input")
    further = [p for p in parameters if p not in positional[:1]]
    by_keyword = any(p.name == "hooks" and p.kind in _BY_KEYWORD for p in further)
    wanted = [p for p in further if p.default is p.empty and p.kind not in _VARIADIC and p.name != "hooks"]
    by_position = not by_keyword and len(positional) > 1 and positional[1].default is inspect.Parameter.empty
    if by_position and positional[1] in wanted:
        wanted.remove(positional[1])
    if wanted:
        raise ScorerSignatureError(
            f"the task {_name(task)} wants {', '.join(p.name for p in wanted)}, which an eval does not have; "
            "give task(input) or task(input, hooks)"
        )
    return by_keyword or by_position, by_keyword


def _makes_callables(task: Callable[..., Any]) -> bool:
    """True of a class that can be called without arguments, and whose instances can be called."""
    if not inspect.isclass(task) or not any("__call__" in vars(kind) for kind in task.__mro__):
        return False
    try:
        inspect.signature(task).bind()
    except (ValueError, TypeError):
        return False
    return True


def _name(task: Any) -> str:
    return str(getattr(task, "__qualname__", type(task).__name__))
