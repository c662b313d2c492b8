"""A scorer or classifier made ready: what to call, with which arguments, under which name."""

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from spanscore.errors import ScorerSignatureError
from spanscore.scoring._arguments import ArgumentPlan, is_async_callable, plan_arguments
from spanscore.scoring._named import NamedScorer, made

SCORER_ARGUMENTS: Final = (
    "input",
    "output",
    "expected",
    "metadata",
    "tags",
    "trial_index",
    "trace",
    "id",
    "user_data",
)
"""What an eval has for a scorer or classifier, by name."""

IN_ORDER: Final = ("input", "output", "expected", "metadata")
"""What parameters of other names get, in the order in which the documentation speaks of them."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared(Generic[_T]):
    """A function of the user's that can be called with the values of a case, and read for what it returns.

    `name` is unique in its eval; `own_name` is what the function calls itself. `is_async` says that `call`
    returns an awaitable. `reader` turns (`name`, `own_name`, what was returned) into results.
    """

    name: str
    own_name: str
    is_async: bool
    function: Callable[..., Any]
    arguments: ArgumentPlan
    reader: Callable[[str, str, Any], tuple[_T, ...]]

    def takes(self, name: str) -> bool:
        """True if the function gets the value of this name."""
        return name in self.arguments.positional or any(
            name == source for _, source in self.arguments.keywords
        )

    def call(self, values: Mapping[str, Any]) -> Any:
        """What the function returns for the values, awaitable if `is_async`; whatever it raises passes."""
        return self.arguments.call(self.function, values)

    def read(self, raw: Any) -> tuple[_T, ...]:
        """The results that `raw`, what the function returned, stands for. Raises ScoreError."""
        return self.reader(self.name, self.own_name, raw)


def prepare(
    functions: Iterable[Any],
    *,
    kind: str,
    available: tuple[str, ...],
    reader: Callable[[str, str, Any], tuple[_T, ...]],
) -> list[Prepared[_T]]:
    """The functions ready to be called with the `available` values of each case, in their order.

    `kind` is what they are in names and messages, "scorer" or "classifier". Raises ScorerSignatureError.
    """
    prepared: list[Prepared[_T]] = []
    taken: set[str] = set()
    for index, given in enumerate(functions):
        ready = made(given, kind)
        own_name = name_of(ready, index, kind)
        name, number = own_name, 2
        while name in taken:
            name, number = f"{own_name}_{number}", number + 1
        taken.add(name)
        function = _function(ready, kind)
        arguments = plan_arguments(
            function, available=available, in_order=IN_ORDER, owner=f"the {kind} {own_name}"
        )
        prepared.append(
            Prepared(
                name=name,
                own_name=own_name,
                is_async=is_async_callable(function),
                function=function,
                arguments=arguments,
                reader=reader,
            )
        )
    return prepared


def name_of(given: Any, index: int, kind: str = "scorer") -> str:
    """What a scorer or classifier is called in the results; `index` is its place in the list."""
    while isinstance(given, functools.partial):
        given = given.func  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    own = getattr(given, "_name", None)
    if callable(own):
        return str(own())
    for told in (getattr(given, "__name__", None), getattr(given, "name", None)):
        name = told() if callable(told) else told
        if isinstance(name, str) and name:
            return name if name != "<lambda>" else f"{kind}_{index}"
    return type(given).__name__  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]


def _function(given: Any, kind: str) -> Callable[..., Any]:
    """What to call: a function itself, of other objects the first of `eval_async`, `eval`, `__call__`."""
    if isinstance(given, NamedScorer):
        return _function(given.function, kind)
    if not _is_function(given):
        for method in ("eval_async", "eval"):
            function = getattr(given, method, None)
            if callable(function):
                return function
    if callable(given):
        return given
    raise ScorerSignatureError(f"{given!r} is no {kind}; give a function, or an object with eval or __call__")


def _is_function(given: object) -> bool:
    """True of what is called itself, even if somebody has set an attribute `eval` on it."""
    return inspect.isroutine(given) or isinstance(given, functools.partial)
