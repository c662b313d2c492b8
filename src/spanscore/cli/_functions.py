"""Functions named on the command line, as file.py:name."""

import sys
from pathlib import Path
from typing import Any

from spanscore.cli._run_file import run_file
from spanscore.errors import ConfigError
from spanscore.evals import Overrides, eval_session


def load_functions(text: str) -> list[Any]:
    """What "file.py:name,name2" names, in that order; evals in the file do not run.

    Raises ConfigError, with the traceback if the file fails.
    """
    place, _, names = text.rpartition(":")
    if not place or not all(name.strip() for name in names.split(",")):
        raise ConfigError(f"{text!r} names no function; write it like scorers.py:exact,brief")
    file = Path(place)
    if not file.is_file():
        raise ConfigError(f"{place} is no file; give the Python file with the function, as scorers.py:exact")
    with eval_session(overrides=Overrides(list_only=True)):
        problem = run_file(file)
    if problem is not None:
        raise ConfigError(f"{place} failed:\n{problem.rstrip()}")
    module = _module_of(file)
    return [_named(module, name.strip(), place) for name in names.split(",")]


def _module_of(file: Path) -> Any:
    """The module that the file has just become."""
    path = str(file.resolve())
    loaded = [module for module in list(sys.modules.values()) if getattr(module, "__file__", None) == path]
    if not loaded:
        raise ConfigError(f"{file} has ended before it was loaded; it must not call sys.exit")
    return loaded[-1]


def _named(module: Any, name: str, place: str) -> Any:
    found: Any = module
    for part in name.split("."):
        found = getattr(found, part, None)
    if found is None:
        known = ", ".join(key for key in _public(module) if callable(getattr(module, key)))
        raise ConfigError(f"{place} has no {name!r}; it has {known or 'no functions'}")
    return found


def _public(module: Any) -> list[str]:
    return [name for name in dir(module) if not name.startswith("_")]
