"""Functions named on the command line."""

import sys
from pathlib import Path

import pytest

from spanscore.cli._functions import load_functions
from spanscore.errors import ConfigError

pytestmark = pytest.mark.core

SCORERS = """
from beside import LIMIT
from spanscore import Eval

def exact(output, expected):
    return output == expected

class Kinds:
    @staticmethod
    def brief(output):
        return len(output) < LIMIT

Eval("must not run", [{"input": 1}], lambda value: 1 / 0, [exact])
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "beside.py").write_text("LIMIT = 3")
    path = tmp_path / "scorers.py"
    path.write_text(SCORERS)
    return path


def test_functions_are_loaded_and_evals_do_not_run(file: Path, tmp_path: Path) -> None:
    before = [*sys.path]
    exact, brief = load_functions(f"{file}:exact, Kinds.brief")
    assert (exact("a", "a"), brief("long")) == (True, False)
    assert sys.path == before
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("exact", "'exact' names no function; write it like scorers.py:exact,brief"),
        ("{file}:", "names no function"),
        ("{file}:exact,", "names no function"),
        ("none.py:exact", "none.py is no file"),
        ("{file}:exactly", "has no 'exactly'; it has Eval, Kinds, exact"),
        ("{file}:Kinds.none", "has no 'Kinds.none'"),
    ],
)
def test_what_names_nothing_is_said(file: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError) as error:
        load_functions(text.format(file=file))
    assert message in str(error.value)


@pytest.mark.parametrize("text", ["1 / 0", "import sys; sys.exit(3)"])
def test_a_file_that_fails_is_shown(tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.py"
    path.write_text(text)
    with pytest.raises(ConfigError, match=r"broken.py failed:\n"):
        load_functions(f"{path}:exact")
