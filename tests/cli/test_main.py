"""How commands end."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from spanscore.cli import main

pytestmark = pytest.mark.core


def test_no_command_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert capsys.readouterr().err.startswith("usage: spanscore")


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param(["experiments", "show", "nobody"], 1, id="not there"),
        pytest.param(["export", "greetings"], 1, id="no such experiment"),
        pytest.param(
            ["export", "project_name:shop", "--output", "no/such/folder/rows.csv"], 2, id="no folder"
        ),
    ],
)
def test_an_error_is_one_line(arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == code
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n"), captured.err[:11]) == ("", 1, "spanscore: ")


def test_a_reader_that_leaves_is_no_error(home: Path) -> None:
    command = [sys.executable, "-m", "spanscore", "export", "experiment:greetings/first"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert (process.wait(), process.stderr.read()) == (141, b"")


def test_ctrl_c_ends_an_eval(tmp_path: Path) -> None:
    (tmp_path / "eval_a.py").write_text("import signal\nsignal.raise_signal(signal.SIGINT)")
    command = [sys.executable, "-m", "spanscore", "eval", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (130, "", "spanscore: interrupted\n")


def test_python_m_spanscore_is_the_command(home: Path) -> None:
    command = [sys.executable, "-m", "spanscore", "experiments", "list", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert [each["name"] for each in json.loads(done.stdout)] == ["second", "first"]


def test_a_text_that_the_encoding_lacks_is_escaped(tmp_path: Path) -> None:
    (tmp_path / "eval_a.py").write_text("print('gr\\u00fcn \\ud800')")
    command = [sys.executable, "-m", "spanscore", "eval", str(tmp_path)]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONIOENCODING": "ascii"}, capture_output=True, text=True, check=False
    )
    assert done.stdout == "gr\\xfcn \\ud800\n"
