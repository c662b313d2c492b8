"""The list of commands."""

from pathlib import Path

import pytest

import spanscore.cli
from spanscore.cli import COMMANDS, Command, main

pytestmark = pytest.mark.core


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command.words))
def test_every_command_explains_itself(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([*command.words, "--help"])

    assert stopped.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: spanscore {' '.join(command.words)} [-h]")


def test_every_file_of_a_command_is_listed() -> None:
    folder = Path(spanscore.cli.__file__).parent
    files = {file.stem for file in folder.glob("*.py") if not file.stem.startswith("_")}

    assert {command.module for command in COMMANDS} == files
