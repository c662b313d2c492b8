"""The list of commands."""

import argparse
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast


class CommandModule(Protocol):
    """What a command's file has: its arguments, and the run that returns the exit code."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, args: argparse.Namespace) -> int: ...


@dataclass(frozen=True, slots=True)
class Command:
    """A command: the words that choose it, what it does in a line, and the module that does it."""

    words: tuple[str, ...]
    summary: str
    module: str

    def load(self) -> CommandModule:
        """The command's module; imported only now, so that `--help` and the other commands stay quick."""
        return cast("CommandModule", import_module(f"spanscore.cli.{self.module}"))


COMMANDS = (
    Command(("eval",), "run the evals of files and folders", "eval"),
    Command(("score",), "score a stored experiment again without its task", "score"),
    Command(("experiments", "list"), "the newest experiments and their scores", "experiments_list"),
    Command(("experiments", "show"), "figures of one experiment, and what failed in it", "experiments_show"),
    Command(("experiments", "compare"), "one experiment against another", "experiments_compare"),
    Command(("gate",), "whether an experiment passes", "gate"),
    Command(("datasets", "list"), "the newest datasets and their sizes", "datasets_list"),
    Command(("datasets", "show"), "a dataset, its snapshots and its first records", "datasets_show"),
    Command(
        ("datasets", "import"), "records of a file, or of logged spans, into a dataset", "datasets_import"
    ),
    Command(("datasets", "export"), "the records of a dataset as a file", "datasets_export"),
    Command(("datasets", "diff"), "what differs between two versions, or two datasets", "datasets_diff"),
    Command(("plan",), "how many cases or trials a difference takes to be shown", "plan"),
    Command(("trace",), "one trace as a tree", "trace"),
    Command(("logs",), "the newest traces of production, or those with a text", "logs"),
    Command(("export",), "the rows of a project's logs or an experiment", "export"),
    Command(("doctor",), "where spans go, what waits, what did not arrive and why", "doctor"),
    Command(("spool", "drain"), "send what ended processes have left", "spool_drain"),
)

GROUPS = {
    "datasets": "list, show, import, export and compare datasets",
    "experiments": "list, show and compare experiments",
    "spool": "finished spans that wait",
}
"""What a first word shared by several commands stands for."""
