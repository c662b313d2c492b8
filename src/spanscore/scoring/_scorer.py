"""A scorer made ready: what to call, with which arguments, under which name."""

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from spanscore.errors import ScorerSignatureError
from spanscore.scoring._arguments import ArgumentPlan, is_async_callable, plan_arguments
from spanscore.scoring._normalise import normalise
from spanscore.scoring._score import Score

SCORER_ARGUMENTS: Final = ("input", "output", "expected", "metadata", "tags", "trial_index")
"""What an eval has for a scorer, by name."""

IN_ORDER: Final = ("input", "output", "expected", "metadata")
"""What parameters of other names get, in the order in which the documentation speaks of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedScorer:
    """A scorer that can be called with the values of a case.

    `name` is unique in its eval; `own_name` is what the scorer calls itself. `is_async` says that `call`
    returns an awaitable.
    """

    name: str
    own_name: str
    is_async: bool
    function: Callable[..., Any]
    arguments: ArgumentPlan

    def takes(self, name: str) -> bool:
        """True if the scorer gets the value of this name."""
        return name in self.arguments.positional or any(
            name == source for _, source in self.arguments.keywords
        )

    def call(self, values: Mapping[str, Any]) -> Any:
        """What the scorer returns for the values, awaitable if `is_async`; whatever it raises passes."""
        return self.arguments.call(self.function, values)

    def read(self, raw: Any) -> tuple[Score, ...]:
        """The scores that `raw`, what the scorer returned, stands for. Raises ScoreError.

        A scorer that had to be renamed also has its score of its own name renamed, so that nothing is
        overwritten.
        """
        scores = normalise(self.name, raw)
        if self.name == self.own_name:
            return scores
        return tuple(replace(s, name=self.name) if s.name == self.own_name else s for s in scores)


def prepare_scorers(
    scorers: Iterable[Any], *, available: tuple[str, ...] = SCORER_ARGUMENTS
) -> list[PreparedScorer]:
    """The scorers ready to be called with the `available` values of each case, in their order.

    A scorer is a function, a class that can be made without arguments, or an object with `eval_async`,
    `eval` or `__call__`. Its name is what its `_name()` says, else its `__name__`, its `name`, its class; a
    lambda is `scorer_<index>`. The second of a name gets the suffix `_2`, the next `_3`. Raises
    ScorerSignatureError for what is no scorer, and for parameters that nobody fills.
    """
    prepared: list[PreparedScorer] = []
    taken: set[str] = set()
    for index, scorer in enumerate(scorers):
        made = _made(scorer)
        own_name = scorer_name(made, index)
        name, number = own_name, 2
        while name in taken:
            name, number = f"{own_name}_{number}", number + 1
        taken.add(name)
        prepared.append(_prepared(made, name, own_name, available))
    return prepared


def scorer_name(scorer: Any, index: int) -> str:
    """What a scorer is called in the results; `index` is its place in the list."""
    while isinstance(scorer, functools.partial):
        scorer = scorer.func  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    own = getattr(scorer, "_name", None)
    if callable(own):
        return str(own())
    for name in (getattr(scorer, "__name__", None), getattr(scorer, "name", None)):
        if isinstance(name, str) and name:
            return name if name != "<lambda>" else f"scorer_{index}"
    return type(scorer).__name__  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]


def _made(scorer: Any) -> Any:
    """The scorer itself; of a class, an instance."""
    if not isinstance(scorer, type):
        return scorer
    try:
        return scorer()
    except TypeError as error:
        raise ScorerSignatureError(
            f"the scorer class {scorer.__name__} cannot be made without arguments ({error}); give an instance"
        ) from error


def _prepared(scorer: Any, name: str, own_name: str, available: tuple[str, ...]) -> PreparedScorer:
    function = _function(scorer)
    return PreparedScorer(
        name=name,
        own_name=own_name,
        is_async=is_async_callable(function),
        function=function,
        arguments=plan_arguments(
            function, available=available, in_order=IN_ORDER, owner=f"the scorer {own_name}"
        ),
    )


def _function(scorer: Any) -> Callable[..., Any]:
    """What to call: a function itself, of other objects the first of `eval_async`, `eval`, `__call__`."""
    if not _is_function(scorer):
        for method in ("eval_async", "eval"):
            function = getattr(scorer, method, None)
            if callable(function):
                return function
    if callable(scorer):
        return scorer
    raise ScorerSignatureError(
        f"{scorer!r} is no scorer; give a function, or an object with eval or __call__"
    )


def _is_function(scorer: object) -> bool:
    """True of what is called itself, even if somebody has set an attribute `eval` on it."""
    return inspect.isroutine(scorer) or isinstance(scorer, functools.partial)
