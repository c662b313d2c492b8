"""How an eval file is run."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from spanscore.cli._run_file import run_file

pytestmark = pytest.mark.core


@pytest.fixture(autouse=True)
def unchanged_interpreter() -> Iterator[None]:
    """A test's modules are forgotten; path and arguments must be as before by themselves."""
    modules, path, argv = dict(sys.modules), sys.path[:], sys.argv
    yield
    assert (sys.path, sys.argv) == (path, argv)
    for name in set(sys.modules) - set(modules):
        del sys.modules[name]


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    return folder


def test_a_file_finds_its_neighbours_and_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "application", application="name = 'the application'")
    evals = write(
        tmp_path / "evals",
        neighbour="name = 'a neighbour'",
        eval_a="import application, neighbour\nprint(application.name, neighbour.name)",
    )
    monkeypatch.chdir(tmp_path / "application")

    assert run_file(evals / "eval_a.py") is None
    assert capsys.readouterr().out == "the application a neighbour\n"


def test_a_file_is_a_module_with_its_own_arguments(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "import sys\nanswer = 42\nprint(sys.argv, __file__, sys.modules[__name__].answer)"
    file = write(tmp_path, eval_a=text) / "eval_a.py"

    assert run_file(file) is None
    assert capsys.readouterr().out == f"['{file}'] {file} 42\n"


POSTPONED = """
from __future__ import annotations
from dataclasses import dataclass
from typing import ClassVar, get_type_hints

@dataclass
class Link:
    count: ClassVar[int] = 1
    next: Link | None = None

assert get_type_hints(Link)["next"] == Link | None
"""


def test_dataclasses_with_postponed_annotations_work(tmp_path: Path) -> None:
    write(tmp_path, eval_a=POSTPONED)

    assert run_file(tmp_path / "eval_a.py") is None


def test_files_and_neighbours_of_the_same_name_do_not_meet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [
        write(tmp_path / name, shared=f"name = {name!r}", eval_a="import shared\nprint(shared.name)")
        / "eval_a.py"
        for name in ("one", "two")
    ]

    assert [run_file(file, after=files[:index]) for index, file in enumerate(files)] == [None, None]
    assert capsys.readouterr().out == "one\ntwo\n"


def test_files_of_one_folder_share_what_they_import(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, shared="print('imported')", eval_a="import shared", eval_b="import shared")
    files = [tmp_path / "eval_a.py", tmp_path / "eval_b.py"]

    assert [run_file(file, after=files[:index]) for index, file in enumerate(files)] == [None, None]
    assert capsys.readouterr().out == "imported\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "def boom():\n    raise ValueError('no data')\nboom()",
            'Traceback (most recent call last):\n  File "{file}", line 3, in <module>\n    boom()\n'
            "  File \"{file}\", line 2, in boom\n    raise ValueError('no data')\nValueError: no data\n",
            id="an exception, from the file on",
        ),
        pytest.param(
            "def (",
            '  File "{file}", line 1\n    def (\n        ^\nSyntaxError: invalid syntax\n',
            id="syntax",
        ),
        pytest.param("raise SystemExit", None, id="a file may stop"),
        pytest.param("raise SystemExit(0)", None, id="a file may stop well"),
    ],
)
def test_failures(tmp_path: Path, text: str, expected: str | None) -> None:
    file = write(tmp_path, eval_a=text) / "eval_a.py"

    problem = run_file(file)

    assert _without_carets(problem) == _without_carets(expected and expected.format(file=file))


def _without_carets(problem: str | None) -> list[str] | None:
    """The lines of a traceback, without those that point into a line: interpreters differ in them."""
    return None if problem is None else [line for line in problem.splitlines() if line.strip(" ~^")]


def test_a_file_that_exits_with_an_error_has_failed(tmp_path: Path) -> None:
    write(tmp_path, eval_a="import sys\nsys.exit('no key')")

    problem = run_file(tmp_path / "eval_a.py")

    assert problem is not None
    assert problem.endswith("SystemExit: no key\n")


def test_a_file_that_is_no_python_is_named(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.touch()

    assert (
        run_file(file)
        == f"spanscore.errors.EvalError: {file} is no Python file; give files that end in .py\n"
    )


def test_interruption_passes(tmp_path: Path) -> None:
    write(tmp_path, eval_a="raise KeyboardInterrupt")

    with pytest.raises(KeyboardInterrupt):
        run_file(tmp_path / "eval_a.py")


REFUSED = """
from spanscore import Eval

def run():
    Eval("", [], len, [])

run()
"""


def test_an_error_of_ours_on_purpose_shows_the_users_part_of_the_way(tmp_path: Path) -> None:
    file = write(tmp_path, eval_a=REFUSED) / "eval_a.py"

    told = run_file(file)

    assert _without_carets(told) == _without_carets(
        "Traceback (most recent call last):\n"
        f'  File "{file}", line 7, in <module>\n    run()\n'
        f'  File "{file}", line 5, in run\n    Eval("", [], len, [])\n'
        "spanscore.errors.ConfigError: the project's name is ''; give a text, such as 'support bot'\n"
    )
    assert "evaluator.py" in (run_file(file, verbose=True) or "")
