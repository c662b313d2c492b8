"""What a function refers to beside its own code, and whose code that is."""

import dis
import functools
import inspect
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any, Final, cast

SCALARS: Final = (type(None), bool, int, float, complex, str, bytes, type(...), range)
CONTAINERS: Final = (tuple, list, set, frozenset, dict)

_FILLED: Final = (list, set, dict)
_FROZEN: Final = "<frozen"
_ATTRIBUTE: Final = ("LOAD_ATTR", "LOAD_METHOD")


def references(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """What the function refers to by name, with the name: of surrounding functions, then of its module.

    What it reaches through modules of the user's own, such as `helpers.answer`, has a dotted name. Without
    lists, sets and dicts whose names are not in capitals: programs fill them as they run. Of a library's
    function only what it has captured.
    """
    for name, value in _referred(function):
        if not isinstance(value, _FILLED) or name.rpartition(".")[2].isupper():
            yield name, value


def _referred(function: FunctionType) -> Iterator[tuple[str, Any]]:
    code = function.__code__
    cells = zip(code.co_freevars, function.__closure__ or (), strict=True)
    yield from ((name, cell.cell_contents) for name, cell in cells if not _is_empty(cell))
    if not is_library(code.co_filename):
        module = function.__globals__
        paths = sorted(path for path in _paths_of(code) if path[0] in module)
        yield from dict(_followed(path, module) for path in paths).items()


def _is_empty(cell: Any) -> bool:
    try:
        cell.cell_contents  # noqa: B018 - raises if nothing has been assigned yet
    except ValueError:
        return True
    return False


def _paths_of(code: CodeType) -> set[tuple[str, ...]]:
    """The names of the module that the code reads, each with the attributes that it takes of it at once."""
    found: set[tuple[str, ...]] = set()
    path: list[str] = []
    for each in dis.get_instructions(code):
        if each.opname in _ATTRIBUTE and path:
            path.append(each.argval)
        elif each.opname != "EXTENDED_ARG":
            found.add(tuple(path))
            path = [each.argval] if each.opname == "LOAD_GLOBAL" else []
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            found |= _paths_of(constant)
    return found - {()}


def _followed(path: tuple[str, ...], module: Mapping[str, Any]) -> tuple[str, Any]:
    """What the path leads to through modules of the user's own, and the part of it that leads there."""
    value, used = module[path[0]], 1
    while used < len(path) and path[used] in (names := _names_of_own_module(value)):
        value = names[path[used]]
        used += 1
    return ".".join(path[:used]), value


def _names_of_own_module(value: Any) -> Mapping[str, Any]:
    """What there is in a module of the user's own; nothing for all else."""
    file = getattr(value, "__file__", None) if isinstance(value, ModuleType) else None
    return vars(value) if isinstance(file, str) and not is_library(file) else {}


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
