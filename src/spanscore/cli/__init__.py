"""The `spanscore` command: one command a file, each listed in `COMMANDS`; no logic of its own."""

from spanscore.cli._commands import COMMANDS, Command
from spanscore.cli._main import main

__all__ = ["COMMANDS", "Command", "main"]
