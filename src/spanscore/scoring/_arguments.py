"""Which of the values at hand a function is called with: decided once by its signature, then cheap."""

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from inspect import Parameter
from operator import itemgetter
from typing import Any, Final

from spanscore.errors import ScorerSignatureError

VARIADIC: Final = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)


@dataclass(frozen=True, slots=True)
class ArgumentPlan:
    """The named values a function takes: `positional` in this order, then `keywords` as (parameter, name)."""

    positional: tuple[str, ...] = ()
    keywords: tuple[tuple[str, str], ...] = ()
    _pick: Callable[[Mapping[str, Any]], tuple[Any, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_pick", _picker(self.positional))

    def call(self, function: Callable[..., Any], values: Mapping[str, Any]) -> Any:
        """What `function` returns for the values; whatever it raises passes."""
        if not self.keywords:
            return function(*self._pick(values))
        keywords = {parameter: values[name] for parameter, name in self.keywords}
        return function(*self._pick(values), **keywords)


def plan_arguments(
    function: Callable[..., Any], *, available: Sequence[str], in_order: Sequence[str], owner: str
) -> ArgumentPlan:
    """The plan for calling `function` with some of the `available` values.

    A parameter gets the value of its name, `**kwargs` all that are left, and without it `*args` those of
    `in_order` that are left; a parameter with a default and no
    such name keeps its default, and one that a partial has fixed stays fixed. Where no required parameter
    has such a name, and there are two or more, they get the values `in_order`: `lambda i, o, e: …`. A lone
    one, or one among known names, is more likely a mistake than meant by its position. Raises
    ScorerSignatureError naming `owner` and the parameters that nobody fills.
    """
    parameters = _parameters(function, owner)
    fixed = function.keywords if isinstance(function, functools.partial) else ()
    available = [name for name in available if name not in fixed]
    names = {p.name: p.name for p in parameters if p.name in available and p.kind not in VARIADIC}
    required = [p for p in parameters if p.default is p.empty and p.kind not in VARIADIC]
    unknown = [p for p in required if p.name not in names]
    rest = [name for name in in_order if name not in names]
    if unknown:
        by_position = len(unknown) == len(required) and all(p.kind is not p.KEYWORD_ONLY for p in unknown)
        if not by_position or not 2 <= len(unknown) <= len(rest):
            raise ScorerSignatureError(
                f"{owner} wants {', '.join(p.name for p in unknown)}, which an eval does not have; "
                f"take {', '.join(available)} by name, or {', '.join(in_order)} in this order"
            )
        names |= {p.name: name for p, name in zip(unknown, rest, strict=False)}
    return _plan(parameters, names, available, in_order)


def is_async_callable(function: Callable[..., Any]) -> bool:
    """True if calling `function` makes a coroutine; looks through partials and at `__call__`."""
    while isinstance(function, functools.partial):
        function = function.func  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    call = getattr(type(function), "__call__", None)  # noqa: B004  its kind is asked, not whether it is there
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(call)


def _parameters(function: Callable[..., Any], owner: str) -> list[Parameter]:
    try:
        return list(inspect.signature(function).parameters.values())
    except (ValueError, TypeError):
        raise ScorerSignatureError(
            f"{owner} does not tell its parameters; wrap it, such as lambda output, expected: …"
        ) from None


def _plan(
    parameters: Sequence[Parameter],
    names: Mapping[str, str],
    available: Sequence[str],
    in_order: Sequence[str],
) -> ArgumentPlan:
    """Pass by position as long as no parameter is left out, which is the cheapest; the others by keyword."""
    positional: list[str] = []
    keywords: list[tuple[str, str]] = []
    is_gapless = True
    used = set(names.values())
    takes_rest = any(parameter.kind is Parameter.VAR_KEYWORD for parameter in parameters)
    for parameter in parameters:
        name = names.get(parameter.name)
        if parameter.kind is Parameter.VAR_KEYWORD:
            keywords += [(left, left) for left in available if left not in used]
        elif parameter.kind is Parameter.VAR_POSITIONAL and is_gapless and not takes_rest:
            positional += [left for left in in_order if left in available and left not in used]
        elif name is None:
            is_gapless = False
        elif is_gapless and parameter.kind is not Parameter.KEYWORD_ONLY:
            positional.append(name)
        elif parameter.kind is not Parameter.POSITIONAL_ONLY:
            keywords.append((parameter.name, name))
    return ArgumentPlan(tuple(positional), tuple(keywords))


def _picker(names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """What takes the values of `names` out of a mapping; `itemgetter` is fast, but gives no tuple for one."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: tuple(values[name] for name in names)
