"""Which files `spanscore eval` takes."""

import os
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path

from spanscore.errors import ConfigError

PATTERNS = ("eval_*.py", "*_eval.py")
"""The names of eval files in folders."""

_SKIPPED = frozenset({"__pycache__", "node_modules", "site-packages"})


def find_eval_files(paths: Iterable[Path]) -> list[Path]:
    """The eval files of files and folders, each once, in the order of `paths` and by name in folders.

    A named file is always taken; in folders, at any depth, those whose names match `PATTERNS`, but not in
    hidden folders, virtual environments or installed packages. Raises ConfigError for a path that does not
    exist, and for a file that is not Python's.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        if not path.exists():
            raise ConfigError(f"{path} does not exist; give files or folders with evals")
        if path.is_file() and path.suffix != ".py":
            raise ConfigError(f"{path} is no Python file; give files that end in .py, or folders")
        for file in _in_folder(path) if path.is_dir() else [path]:
            found.setdefault(file.resolve(), file)
    return list(found.values())


def walked_folders(paths: Iterable[Path]) -> Iterator[Path]:
    """The folders in which `find_eval_files` looks."""
    for path in paths:
        yield from (where for where, _ in _walk(path))


def _in_folder(folder: Path) -> Iterator[Path]:
    for where, files in _walk(folder):
        for name in sorted(files):
            if any(fnmatch(name, pattern) for pattern in PATTERNS):
                yield Path(where, name)


def _walk(folder: Path) -> Iterator[tuple[Path, list[str]]]:
    """The folder and those below it, with the names of the files in each."""
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _is_skipped(Path(where, name)))
        yield Path(where), files


def _is_skipped(folder: Path) -> bool:
    return folder.name.startswith(".") or folder.name in _SKIPPED or (folder / "pyvenv.cfg").exists()
