"""The command line's grammar."""

import argparse
from collections.abc import Sequence
from typing import Any

from spanscore import __version__
from spanscore.cli._commands import COMMANDS, GROUPS

_EPILOG = (
    "Everything is kept in the folder SPANSCORE_HOME, ~/.spanscore by default. Exit code, where a command "
    "says nothing else: 0 well, 1 an error, such as an experiment that there is not, 2 wrong usage, "
    "130 interrupted."
)
_NAMES_WIDTH = 4 + max(len(command.words[0]) for command in COMMANDS)


class _Help(argparse.HelpFormatter):
    """Help with one line a command: argparse forgets that they are indented when it measures their names."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog)
        self._action_max_length = _NAMES_WIDTH


def make_parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """The parser for `arguments`: every command by name and, of the one they choose, the arguments too."""
    parser = argparse.ArgumentParser(
        prog="spanscore",
        description="Tracing and evaluation of LLM applications.",
        epilog=_EPILOG,
        formatter_class=_Help,
    )
    parser.add_argument("--version", action="version", version=f"spanscore {__version__}")
    groups: dict[tuple[str, ...], Any] = {(): parser.add_subparsers(title="commands", metavar="COMMAND")}
    for command in COMMANDS:
        group, name = command.words[:-1], command.words[-1]
        if group not in groups:
            shared = groups[()].add_parser(group[0], help=GROUPS[group[0]], description=GROUPS[group[0]])
            groups[group] = shared.add_subparsers(title="commands", metavar="COMMAND", required=True)
        own = groups[group].add_parser(name, help=command.summary, description=command.summary)
        if tuple(arguments[: len(command.words)]) == command.words:
            module = command.load()
            module.add_arguments(own)
            own.set_defaults(run=module.run)
    return parser
