"""What is instrumented is patched at once or after its import, and put back; nothing is imported for it."""

import logging
import sys
import threading
import types
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from spanscore.errors import InstrumentError
from spanscore.integrations._registry import Registry

pytestmark = pytest.mark.core

OURS = """
import sys
from spanscore.errors import InstrumentError

package = sys.modules["{package}"]

def patch():
    if package.VERSION < 2:
        raise InstrumentError("{package} 1 is too old")
    package.patched += 1
    def undo():
        package.patched -= 1
    return undo
"""


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    """Of the providers new and old, for packages of which the first is a package in another."""
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "outer_package").mkdir()
    (tmp_path / "outer_package" / "__init__.py").write_text("")
    (tmp_path / "outer_package" / "new_package.py").write_text("VERSION = 2\npatched = 0\n")
    (tmp_path / "old_package.py").write_text("VERSION = 1\npatched = 0\n")
    (tmp_path / "our_home").mkdir()
    (tmp_path / "our_home" / "__init__.py").write_text("")
    (tmp_path / "our_home" / "new.py").write_text(OURS.format(package="outer_package.new_package"))
    (tmp_path / "our_home" / "old.py").write_text(OURS.format(package="old_package"))
    (tmp_path / "other_package.py").write_text("")
    (tmp_path / "our_home" / "other.py").write_text("from other_package import Client")
    (tmp_path / "slow_package.py").write_text("import slow\nslow.imported()\nVERSION = 2\npatched = 0\n")
    (tmp_path / "our_home" / "slow.py").write_text(
        "import slow_package\n" + OURS.format(package="slow_package")
    )
    before = set(sys.modules)
    table = {"other": "other_package", "slow": "slow_package"}
    table |= {"new": "outer_package.new_package", "old": "old_package", "gone": "gone_package"}
    yield Registry({**table, "lost": "outer_package.lost", "lost_too": "gone_package.lost"}, "our_home")
    for name in set(sys.modules) - before:
        del sys.modules[name]


def test_what_is_imported_is_patched_once_and_put_back(registry: Registry) -> None:
    from outer_package import new_package  # pyright: ignore[reportMissingImports]

    registry.add("new")
    registry.add("new")
    assert new_package.patched == 1
    registry.remove("new")
    registry.remove("new")
    assert new_package.patched == 0
    registry.add("new")
    assert new_package.patched == 1


def test_what_is_imported_later_is_patched_then(registry: Registry) -> None:
    registry.add("new")
    registry.add("new")
    assert "outer_package" not in sys.modules
    from outer_package import new_package  # pyright: ignore[reportMissingImports]

    assert new_package.patched == 1


def test_what_is_given_up_before_its_import_is_not_patched(registry: Registry) -> None:
    registry.add("new")
    registry.remove("new")
    from outer_package import new_package  # pyright: ignore[reportMissingImports]

    assert new_package.patched == 0


def test_what_is_too_old_is_an_error_or_else_a_warning(
    registry: Registry, caplog: pytest.LogCaptureFixture
) -> None:
    registry.add("old")
    with caplog.at_level(logging.WARNING, "spanscore"):
        import old_package  # pyright: ignore[reportMissingImports]
    assert [record.getMessage() for record in caplog.records] == [
        "old is not recorded: old_package 1 is too old"
    ]
    with pytest.raises(InstrumentError, match="old_package 1 is too old"):
        registry.add("old")
    registry.add_if_supported("old")
    assert (len(caplog.records), old_package.patched) == (2, 0)


def test_what_is_installed_is_found_without_importing_it(registry: Registry) -> None:
    names = ("new", "old", "gone", "lost", "lost_too")
    found = {name: registry.is_installed(name) for name in names}
    assert found == {"new": True, "old": True, "gone": False, "lost": False, "lost_too": False}
    assert sys.modules.keys().isdisjoint({"outer_package", "old_package"})


def test_an_unknown_name_is_an_error(registry: Registry) -> None:
    with pytest.raises(InstrumentError, match=r"'nwe'; give one of gone, lost, lost_too, new, old"):
        registry.add("nwe")
    with pytest.raises(InstrumentError, match="'nwe'"):
        registry.remove("nwe")


def test_a_package_that_lacks_what_is_recorded_is_an_error_or_else_a_warning(
    registry: Registry, caplog: pytest.LogCaptureFixture
) -> None:
    import other_package  # noqa: F401 # pyright: ignore[reportMissingImports, reportUnusedImport]

    with pytest.raises(InstrumentError, match="other is of a version that cannot be recorded: cannot import"):
        registry.add("other")
    registry.add_if_supported("other")
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_a_package_that_another_thread_is_importing_is_waited_for(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, asked = threading.Event(), threading.Event()

    def imported() -> None:
        begun.set()
        assert asked.wait(10)

    monkeypatch.setitem(sys.modules, "slow", types.SimpleNamespace(imported=imported))
    registry.add("slow")
    importing = threading.Thread(target=import_module, args=("slow_package",), daemon=True)
    importing.start()
    assert begun.wait(10)
    adding = threading.Thread(target=registry.add, args=("slow",), daemon=True)
    adding.start()
    adding.join(0.1)  # it is waiting for the import by now
    asked.set()
    for thread in (importing, adding):
        thread.join(10)
        assert not thread.is_alive()
    assert sys.modules["slow_package"].patched == 1
