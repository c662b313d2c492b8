"""What a function refers to beside its own code, and whose code that is."""

import dis
import functools
import inspect
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from types import CodeType, FunctionType, MethodType
from typing import Any, Final, cast

SCALARS: Final = (type(None), bool, int, float, complex, str, bytes, type(...), range)
CONTAINERS: Final = (tuple, list, set, frozenset, dict)

_FILLED: Final = (list, set, dict)
_FROZEN: Final = "<frozen"


def references(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """What the function refers to by name, with the name: of surrounding functions, then of its module.

    Without lists, sets and dicts whose names are not in capitals: programs fill them as they run. Of a
    library's function only what it has captured.
    """
    for name, value in _referred(function):
        if not isinstance(value, _FILLED) or name.isupper():
            yield name, value


def _referred(function: FunctionType) -> Iterator[tuple[str, Any]]:
    code = function.__code__
    cells = zip(code.co_freevars, function.__closure__ or (), strict=True)
    yield from ((name, cell.cell_contents) for name, cell in cells if not _is_empty(cell))
    if not is_library(code.co_filename):
        module = function.__globals__
        yield from ((name, module[name]) for name in sorted(_globals_of(code)) if name in module)


def _is_empty(cell: Any) -> bool:
    try:
        cell.cell_contents  # noqa: B018 - raises if nothing has been assigned yet
    except ValueError:
        return True
    return False


def _globals_of(code: CodeType) -> set[str]:
    names = {each.argval for each in dis.get_instructions(code) if each.opname == "LOAD_GLOBAL"}
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            names |= _globals_of(constant)
    return names


def wrapped(value: Any) -> Any:
    """The function below a decorator such as `functools.cache`, None without one. Runs none of its code."""
    below = inspect.getattr_static(value, "__wrapped__", None)
    return below if isinstance(below, (FunctionType, MethodType)) else None


def attributes(given: Any) -> Mapping[str, Any]:
    """The attributes of an object by name, those in slots included."""
    found = dict(getattr(given, "__dict__", {}))
    for kind in cast("type[Any]", type(given)).__mro__:
        slots = vars(kind).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else tuple(slots):
            if name not in ("__dict__", "__weakref__") and hasattr(given, name):
                found[name] = getattr(given, name)
    return found


def is_library(file: str) -> bool:
    """True for files of the standard library and of installed packages."""
    return file.startswith(_library_folders()) or "site-packages" in file or "dist-packages" in file


@functools.cache
def _library_folders() -> tuple[str, ...]:
    paths = sysconfig.get_paths()
    return (*(paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")), _FROZEN)


def file_of(kind: type[Any]) -> str:
    """The file that a class is from: none in a notebook or at a prompt, "<frozen" for builtins."""
    if kind.__module__ == "__main__":
        return ""
    file = getattr(sys.modules.get(kind.__module__), "__file__", None)
    return file if isinstance(file, str) else _FROZEN
