"""The modules of the user's own that a program has looked for."""

import sys
import sysconfig
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import ModuleType

from spanscore.cli._file_marks import Marks, mark


class SearchedModules:
    """What is imported within a `with` block, or fails to be, and what its files were when it was looked for.

    Neither what is installed nor the standard library.
    """

    def __init__(self) -> None:
        self._before: set[str] = set()
        self._places: dict[str, Marks] = {}
        self._imported: Mapping[str, Path] = {}
        self._installed = _installed()

    def __enter__(self) -> "SearchedModules":
        self._before = set(sys.modules)
        sys.meta_path.insert(0, self)
        return self

    def __exit__(self, *_: object) -> None:
        sys.meta_path.remove(self)
        self._imported = modules_of_program(set(sys.modules) - self._before)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> None:
        """Take note of what the interpreter looks for; it goes on looking."""
        places = [Path(folder).resolve() for folder in (sys.path if path is None else path)]
        last = name.rpartition(".")[2]
        files = (
            file
            for place in places
            if not _is_below(place, self._installed)
            for file in (place / f"{last}.py", place / last / "__init__.py")
        )
        self._places[name] = {file: mark(file) for file in files}

    def marks(self) -> Marks:
        """The files of what was imported; of what could not be, those that it could have been in."""
        failed = [name for name in self._places if name not in sys.modules]
        marks = {file: found for name in failed for file, found in self._places[name].items()}
        for name, file in self._imported.items():
            marks[file] = self._places.get(name, {}).get(file) or mark(file)
        return marks

    def forget(self) -> None:
        """Let everything be imported anew."""
        for name in self._imported:
            sys.modules.pop(name, None)


def modules_of_program(names: Iterable[str]) -> Mapping[str, Path]:
    """The files of those modules that are the user's own: neither installed nor the standard library's."""
    installed = _installed()
    found: dict[str, Path] = {}
    for name in names:
        file = getattr(sys.modules.get(name), "__file__", None)
        if isinstance(file, str):
            path = Path(file).resolve()
            if not _is_below(path, installed):
                found[name] = path
    return found


def _installed() -> list[Path]:
    ours = Path(__file__).resolve().parents[1]
    return [*(Path(sysconfig.get_path(each)).resolve() for each in ("stdlib", "purelib", "platlib")), ours]


def _is_below(path: Path, folders: Iterable[Path]) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)
