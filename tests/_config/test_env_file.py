"""The nearest `.env.braintrust`."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from spanscore._config._env_file import ALLOWED, NAME, EnvFile

pytestmark = pytest.mark.core

KEY = "BRAINTRUST_API_KEY"


def found(folder: Path | None, name: str = KEY) -> str | None:
    return EnvFile(folder).text(name)


def write(folder: Path, text: str = f"{KEY}=from-file") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NAME).write_text(text)
    return folder


def test_allowed_names_are_those_of_the_specification() -> None:
    assert sorted(ALLOWED) == [
        "BRAINTRUST_API_KEY",
        "BRAINTRUST_API_URL",
        "BRAINTRUST_APP_URL",
        "BRAINTRUST_ENVIRONMENT_NAME",
        "BRAINTRUST_ENVIRONMENT_TYPE",
        "BRAINTRUST_ORG_NAME",
        "BRAINTRUST_PROJECT",
        "BRAINTRUST_PROJECT_ID",
    ]


@pytest.mark.parametrize("name", sorted(ALLOWED))
def test_each_allowed_name_is_given(name: str, tmp_path: Path) -> None:
    assert found(write(tmp_path, f"{name}=x"), name) == "x"


@pytest.mark.parametrize(
    "name", ["SPANSCORE_HOME", "BRAINTRUST_PARENT", "BRAINTRUST_DEFAULT_PROJECT", "OPENAI_API_KEY", "PATH"]
)
def test_other_names_are_ignored(name: str, tmp_path: Path) -> None:
    assert found(write(tmp_path, f"{name}=x"), name) is None


def test_value_is_not_trimmed(tmp_path: Path) -> None:
    assert found(write(tmp_path, f"{KEY}=' key '")) == " key "


@pytest.mark.parametrize(("parents", "expected"), [(0, "from-file"), (64, "from-file"), (65, None)])
def test_search_goes_up_64_parents(parents: int, expected: str | None, tmp_path: Path) -> None:
    write(tmp_path)
    folder = tmp_path.joinpath(*["d"] * parents)
    folder.mkdir(parents=True, exist_ok=True)
    assert found(folder) == expected


def test_working_directory_is_where_it_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write(tmp_path))
    assert (found(None), found(Path("."))) == ("from-file", "from-file")


def test_nearest_of_several_files(tmp_path: Path) -> None:
    write(tmp_path)
    assert found(write(tmp_path / "a", f"{KEY}=nearer")) == "nearer"


NOT_A_KEY = {
    "empty": "",
    "without the variable": "BRAINTRUST_PROJECT=p",
    "blank": f"{KEY}='  '",
    "nothing after the sign": f"{KEY}=",
    "invalid syntax": f'{KEY}="key',
    "invalid syntax further down": f"{KEY}=key\nthis is no assignment",
}


@pytest.mark.parametrize("name", NOT_A_KEY)
def test_nearest_file_is_a_boundary(name: str, tmp_path: Path) -> None:
    write(tmp_path)
    assert found(write(tmp_path / "a", NOT_A_KEY[name])) is None


def unreadable(path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("nothing is unreadable for the superuser")
    path.write_text(f"{KEY}=x")
    path.chmod(0)


def closed_folder(path: Path) -> None:
    unreadable(path)
    path.chmod(0o600)
    path.parent.chmod(0)


HINDRANCES = {
    "a folder": lambda path: path.mkdir(),
    "a pipe": lambda path: os.mkfifo(path),
    "other bytes": lambda path: path.write_bytes(f"{KEY}=\xff".encode("latin-1")),
    "a huge file": lambda path: path.write_text(f"{KEY}=x\n{'#' * (1 << 20)}"),
    "a link to itself": lambda path: path.symlink_to(path),
    "unreadable": unreadable,
    "in a closed folder": closed_folder,
}


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Iterator[Path]:
    folder = write(tmp_path) / "a"
    folder.mkdir()
    yield folder
    folder.chmod(0o700)


@pytest.mark.parametrize("name", HINDRANCES)
def test_what_cannot_be_read_is_not_found_and_a_boundary(name: str, folder: Path) -> None:
    HINDRANCES[name](folder / NAME)
    assert found(folder) is None


def test_missing_working_directory_is_not_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert (found(None), found(Path("x"))) == (None, None)


def test_file_is_read_once_and_when_asked(tmp_path: Path) -> None:
    file = EnvFile(tmp_path)
    write(tmp_path)
    assert file.text(KEY) == "from-file"
    (tmp_path / NAME).unlink()
    assert file.text(KEY) == "from-file"


def test_a_name_that_is_not_allowed_needs_no_search(tmp_path: Path) -> None:
    file = EnvFile(tmp_path)
    assert file.text("PATH") is None
    assert "_values" not in vars(file)


IMPORTING = """
import os, sys
seen = []
stat = os.stat
os.stat = lambda path, **how: (seen.append(str(path)), stat(path, **how))[1]
sys.addaudithook(lambda event, args: event == "open" and seen.append(str(args[0])))
import spanscore
spanscore.init_logger
assert seen
assert [path for path in seen if path.endswith(".env.braintrust")] == []
"""


def test_import_looks_for_no_settings_file(tmp_path: Path) -> None:
    write(tmp_path)
    subprocess.run([sys.executable, "-c", IMPORTING], cwd=tmp_path, check=True, timeout=60)
