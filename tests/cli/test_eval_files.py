"""Which files `spanscore eval` takes."""

from pathlib import Path

import pytest

from spanscore.cli._eval_files import find_eval_files, walked_folders
from spanscore.errors import ConfigError

pytestmark = pytest.mark.core

FILES = [
    "eval_b.py",
    "a_eval.py",
    "evaluate.py",
    "eval.py",
    "eval_notes.txt",
    "deep/er/eval_c.py",
    ".hidden/eval_hidden.py",
    "node_modules/eval_js.py",
    "__pycache__/eval_cached.py",
    "lib/site-packages/eval_installed.py",
    "my-environment/pyvenv.cfg",
    "my-environment/eval_environment.py",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in FILES:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    return tmp_path


def found(folder: Path, *names: str) -> list[str]:
    files = find_eval_files([folder / name for name in names])
    return [file.relative_to(folder).as_posix() for file in files]


@pytest.mark.parametrize(
    ("names", "files"),
    [
        pytest.param(
            ["."], ["a_eval.py", "eval_b.py", "deep/er/eval_c.py"], id="a folder, at any depth, by name"
        ),
        pytest.param(["deep", "."], ["deep/er/eval_c.py", "a_eval.py", "eval_b.py"], id="in the order given"),
        pytest.param(
            ["eval_b.py", "eval_b.py", "."], ["eval_b.py", "a_eval.py", "deep/er/eval_c.py"], id="once"
        ),
        pytest.param(["evaluate.py"], ["evaluate.py"], id="a named file whatever its name"),
        pytest.param([".hidden"], [".hidden/eval_hidden.py"], id="a named folder whatever its name"),
        pytest.param(
            ["node_modules/eval_js.py"], ["node_modules/eval_js.py"], id="a named file wherever it lies"
        ),
    ],
)
def test_takes(folder: Path, names: list[str], files: list[str]) -> None:
    assert found(folder, *names) == files


def test_a_link_to_a_file_that_is_taken_is_not_taken_again(folder: Path) -> None:
    (folder / "eval_link.py").symlink_to(folder / "a_eval.py")

    assert found(folder, ".") == ["a_eval.py", "eval_b.py", "deep/er/eval_c.py"]


def test_what_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.py does not exist"):
        find_eval_files([tmp_path / "nowhere.py"])


def test_it_looks_into_these_folders(folder: Path) -> None:
    walked = walked_folders([folder, folder / "eval_b.py", folder / "nowhere"])
    assert [each.relative_to(folder).as_posix() for each in walked] == [".", "deep", "deep/er", "lib"]


def test_a_file_that_is_no_python_is_refused(folder: Path) -> None:
    with pytest.raises(ConfigError, match=r"eval_notes\.txt is no Python file; give files that end in \.py"):
        find_eval_files([folder / "eval_notes.txt"])
