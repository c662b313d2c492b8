"""Gates in pyproject.toml."""

import sys
from pathlib import Path

import pytest

from spanscore.errors import ConfigError
from spanscore.evals._project_gates import project_gates
from spanscore.evals.gates import Regression, Threshold

pytestmark = pytest.mark.core

GATES = """
[project]
name = "bots"

[tool.spanscore.gates]
fail_if = ["accuracy < 0.9"]
fail_on_regression = ["accuracy:0.02@90"]
"""
EXPECTED = (
    Threshold(name="accuracy", operator="<", limit=0.9),
    Regression(name="accuracy", margin=0.02, confidence=90.0),
)


def written(folder: Path, text: str) -> Path:
    (folder / "pyproject.toml").write_text(text)
    return folder


def test_the_nearest_file_upwards(tmp_path: Path) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert project_gates(below) == ()
    written(tmp_path, GATES)
    assert project_gates(below) == project_gates(tmp_path) == EXPECTED
    written(tmp_path / "a", "[project]\nname = 'nearer'\n")
    assert project_gates(below) == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[tool.spanscore.gates]\nfail_if = 'a < 1'\n", "fail_if is 'a < 1'; give a list of texts"),
        ("[tool.spanscore.gates]\nfail_if = [1]\n", r"fail_if is \[1\]; give a list of texts"),
        ("[tool.spanscore.gates]\nfail = []\n", "has 'fail'; it may have fail_if and fail_on_regression"),
        ("[tool.spanscore.gates]\nfail_if = ['a']\n", "'a' is no condition to fail"),
        ("[tool.spanscore.gates]\nfail_on_regression = ['a:high']\n", "'a:high' is no regression to fail on"),
        ("[tool.spanscore]\ngates = 1\n", "gates is 1, and should be a table"),
        ("[tool.spanscore.gates]\nfail_if = [\n", "is no TOML"),
    ],
)
def test_what_cannot_be_used_names_the_file(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        project_gates(written(tmp_path, text))
    assert str(caught.value).startswith(f"{tmp_path / 'pyproject.toml'}: ")


def test_a_file_that_is_no_text_may_have_gates(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes(b"name = '\xff'")
    with pytest.raises(ConfigError, match="cannot be read, and may have gates: 'utf-8' codec"):
        project_gates(tmp_path)


def test_files_without_our_table_need_no_reader(tmp_path: Path) -> None:
    """Python 3.10 has none."""
    assert project_gates(written(tmp_path, "[tool.other]\nbroken = [\n")) == ()


def test_without_a_reader_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("tomllib", "tomli"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ConfigError, match="or with tomli; pip install tomli"):
        project_gates(written(tmp_path, GATES))
