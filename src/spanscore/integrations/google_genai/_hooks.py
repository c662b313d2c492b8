"""Functions that are replaced: in a class or a module, or in the class of one object."""

import functools
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias, cast

from spanscore.errors import InstrumentError
from spanscore.integrations._patch import Patch

Recorder: TypeAlias = Callable[[Callable[[], Any], Patch], Callable[..., Any]]
"""Makes what replaces a function, given how to get at it and the patch that says whether it is on."""

_MARK: Final = "_spanscore_recorded"
_ALWAYS: Final = Patch()


def replace_all(patch: Patch, owner: Any, recorders: Mapping[str, Recorder]) -> None:
    """Replace functions of a class or a module, by their names, until the patch is undone.

    Raises InstrumentError if there is no function of that name.
    """
    for name, recorder in recorders.items():
        original = _function(owner, name)
        patch.replace(owner, name, functools.wraps(original)(recorder(lambda found=original: found, patch)))


def exchange_class(instance: Any, recorders: Mapping[str, Recorder]) -> None:
    """Replace methods of one object, the first time; it stays an instance of what it was.

    Raises InstrumentError if there is no method of that name.
    """
    if not is_exchanged(instance):
        kind = cast("type[Any]", type(instance))
        instance.__class__ = _recorded_class(kind, tuple(recorders.items()))


def is_exchanged(instance: Any) -> bool:
    """Whether methods of the object have been replaced."""
    return getattr(cast("type[Any]", type(instance)), _MARK, None) is True


@functools.cache
def _recorded_class(base: type[Any], recorders: tuple[tuple[str, Recorder], ...]) -> type[Any]:
    namespace: dict[str, Any] = {
        "__module__": base.__module__,
        "__qualname__": base.__qualname__,
        "__doc__": base.__doc__,
    }
    for name, recorder in recorders:
        # Looked up at each call, so that what others patch into the class later still runs.
        look_up = functools.partial(getattr, base, name)
        namespace[name] = functools.wraps(_function(base, name))(recorder(look_up, _ALWAYS))
    return type(base.__name__, (base,), {**namespace, _MARK: True})


def _function(owner: Any, name: str) -> Any:
    found = getattr(owner, name, None)
    if found is None:
        raise InstrumentError(
            f"this version of google-genai cannot be recorded: {owner.__name__} has no {name!r}"
        )
    return found
