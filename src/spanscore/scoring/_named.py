"""A scorer with a name of the user's choice."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, overload

from spanscore.errors import ScorerSignatureError


@dataclass(frozen=True, slots=True)
class NamedScorer:
    """A scorer under another name than its own; calling it calls the scorer."""

    name: str
    function: Any

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What the scorer returns for these arguments."""
        return self.function(*args, **kwargs)


@overload
def scorer(name: str, function: Any) -> NamedScorer: ...


@overload
def scorer(name: str) -> Callable[[Any], NamedScorer]: ...


def scorer(name: str, function: Any = None) -> NamedScorer | Callable[[Any], NamedScorer]:
    """A scorer of this name: `scorer(name, function)`, or as a decorator `@scorer(name)`.

    `function` is whatever `Eval` takes in `scores`. Raises ScorerSignatureError if the name is no text, or
    there is nothing to call.

    >>> exact = scorer("exact match", lambda output, expected: output == expected)
    >>> exact.name, exact("4", "4")
    ('exact match', True)

    >>> @scorer("brevity")
    ... def short_enough(output):
    ...     return len(output) < 80
    >>> short_enough("yes")
    True
    """
    if not isinstance(name, str) or not name:  # pyright: ignore[reportUnnecessaryIsInstance] - untyped callers
        raise ScorerSignatureError(
            f"a scorer's name is {name!r}; give a text, as in scorer('exact', function)"
        )
    if function is None:

        def named(decorated: Any) -> NamedScorer:
            return scorer(name, decorated)

        return named
    ready = made(function, "scorer")
    if not callable(ready) and not hasattr(ready, "eval"):
        raise ScorerSignatureError(f"the scorer {name} is {ready!r}, which cannot be called; give a function")
    return NamedScorer(name, ready)


def made(given: Any, kind: str) -> Any:
    """A scorer or classifier itself; of a class, an instance."""
    if not isinstance(given, type):
        return given
    try:
        return given()
    except TypeError as error:
        raise ScorerSignatureError(
            f"the {kind} class {given.__name__} cannot be made without arguments ({error}); give an instance"
        ) from error
