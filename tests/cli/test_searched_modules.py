"""The modules of the user's own that a program has looked for."""

import sys
from collections.abc import Iterator
from importlib import import_module, invalidate_caches
from pathlib import Path

import pytest

from spanscore.cli._file_marks import mark
from spanscore.cli._searched_modules import SearchedModules, modules_of_program

pytestmark = pytest.mark.core


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in which modules are looked for first; what is imported is forgotten."""
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)
    yield tmp_path.resolve()
    for name in set(sys.modules) - before:
        del sys.modules[name]


def test_the_users_own_modules_are_watched_alone(folder: Path) -> None:
    (folder / "helper_of_watch.py").write_text("")
    import_module("helper_of_watch")
    found = modules_of_program(["helper_of_watch", "json", "pytest", "spanscore.errors", "sys", "nowhere"])
    assert found == {"helper_of_watch": folder / "helper_of_watch.py"}


def test_what_was_imported_is_as_it_was_when_it_was_looked_for(folder: Path) -> None:
    file = folder / "watched_early.py"
    file.write_text("")
    before = mark(file)
    with SearchedModules() as modules:
        import_module("watched_early")
        file.write_text("changed = True\n")
    assert modules.marks()[file] == before != mark(file)
    modules.forget()
    assert "watched_early" not in sys.modules
    assert not any(isinstance(each, SearchedModules) for each in sys.meta_path)


def test_what_could_not_be_imported_is_watched_where_it_could_be(folder: Path) -> None:
    package = folder / "watched_package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (folder / "watched_broken.py").write_text("def")
    invalidate_caches()
    with SearchedModules() as modules:
        for name, error in (("watched_absent", ImportError), ("watched_broken", SyntaxError)):
            with pytest.raises(error):
                import_module(name)
        with pytest.raises(ImportError):
            import_module("watched_package.part")
    found = {path: each for path, each in modules.marks().items() if path.is_relative_to(folder)}
    assert found == {
        folder / "watched_absent.py": None,
        folder / "watched_absent" / "__init__.py": None,
        folder / "watched_broken.py": mark(folder / "watched_broken.py"),
        folder / "watched_broken" / "__init__.py": None,
        package / "part.py": None,
        package / "part" / "__init__.py": None,
        package / "__init__.py": mark(package / "__init__.py"),
    }
