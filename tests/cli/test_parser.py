"""The command line's grammar."""

import subprocess
import sys

import pytest

from spanscore import __version__
from spanscore.cli import COMMANDS, main

pytestmark = pytest.mark.core

HEAVY = {"rich", "sqlite3", "asyncio", "opentelemetry", "orjson"}


def ended(*arguments: str) -> int | str | None:
    with pytest.raises(SystemExit) as stopped:
        main(list(arguments))
    return stopped.value.code


def test_help_names_every_command_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("--help") == 0

    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    single = [command for command in COMMANDS if len(command.words) == 1]
    assert [f"{command.words[0]} {command.summary}" in lines for command in single] == [True] * len(single)
    assert "experiments list, show and compare experiments" in lines


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys\nfrom spanscore.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    print('\\n'.join(sys.modules), file=sys.stderr)"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert HEAVY & set(done.stderr.split()) == set()


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("--version") == 0
    assert capsys.readouterr().out == f"spanscore {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["fly"],
        ["experiments"],
        ["experiments", "fly"],
        ["trace"],
        ["logs", "--limit", "0"],
        ["logs", "--limit", "many"],
        ["export", "project_name:p", "--format", "xml"],
        ["--json", "logs"],
    ],
    ids=" ".join,
)
def test_wrong_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(*arguments) == 2
    assert capsys.readouterr().err.startswith("usage: spanscore")
