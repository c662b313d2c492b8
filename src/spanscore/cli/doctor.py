"""`spanscore doctor`: where spans go, what waits, what did not arrive and why."""

import argparse
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.text import Text

from spanscore._config import Settings
from spanscore._connect import STORE_FILE, chosen_destinations, open_attachments, open_spool
from spanscore.cli._arguments import add_json
from spanscore.cli._format import moment, size
from spanscore.cli._output import console, json_line, table
from spanscore.delivery import Backlog, SpoolReport, inspect
from spanscore.wire.attachments import FOLDER

_NO_DESTINATIONS = frozenset({"errors", "recording", "redacted"})
"""What the ledger counts besides losses: errors of ours in the program's calls, spans that sampling and
filters leave out, secrets taken out."""

_NO_LOSS = frozenset({"tail_sampled", "unsupported"})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `spanscore doctor`."""
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print the state; 1 if something waits for a process that is gone or was lost, else 0."""
    settings = Settings.from_env()
    report = inspect(open_spool(settings))
    if args.json:
        print(json_line(_as_json(settings, report)))
    else:
        _print(console(), settings, report)
    losses = (set(report.counts[name]) - _NO_LOSS for name in set(report.counts) - _NO_DESTINATIONS)
    return 1 if any(losses) or any(backlog.of_dead for backlog in report.backlogs) else 0


def _as_json(settings: Settings, report: SpoolReport) -> dict[str, Any]:
    return {
        "home": str(settings.home),
        "destinations": chosen_destinations(settings),
        "durability": settings.durability,
        "attachment_bytes": _attachment_bytes(settings),
        **asdict(report),
    }


def _print(screen: Console, settings: Settings, report: SpoolReport) -> None:
    for name, value in (
        ("home", str(settings.home)),
        ("destinations", f"{', '.join(chosen_destinations(settings))} ({_why(settings)})"),
        ("store", _store_size(settings)),
        ("attachments", size(_attachment_bytes(settings))),
        ("spool", f"{size(report.bytes)} of at most {size(settings.spool_max_bytes)}"),
        ("durability", settings.durability),
    ):
        screen.print(Text.assemble((f"{name:<14}", "dim"), value))
    _print_backlogs(screen, report.backlogs)
    _print_counts(screen, report)


def _why(settings: Settings) -> str:
    if settings.destinations is not None:
        return "SPANSCORE_DESTINATION"
    return "a Braintrust key was found" if settings.find_api_key() else "no Braintrust key was found"


def _store_size(settings: Settings) -> str:
    path = settings.home / STORE_FILE
    return size(path.stat().st_size) if path.exists() else "none yet"


def _attachment_bytes(settings: Settings) -> int:
    """Bytes of the attachments that are stored and of those that wait; what is both counts once."""
    folders = (settings.home / FOLDER, open_attachments(settings).folder)
    told = [path.stat() for folder in folders for path in folder.rglob("*") if path.is_file()]
    return sum({each.st_ino: each.st_size for each in told}.values())


def _print_backlogs(screen: Console, backlogs: list[Backlog]) -> None:
    if not backlogs:
        screen.print("\nNothing waits.")
        return
    rows = [
        (
            each.identity,
            f"{each.of_living:,}",
            f"{each.of_dead:,}",
            str(each.segments),
            moment(each.oldest_ns),
        )
        for each in backlogs
    ]
    columns = ("waiting for", "of running", "of ended", "segments", "oldest")
    screen.print()
    screen.print(table(columns, rows, numbers=columns[1:4], flexible=["waiting for"]))
    if any(each.of_dead for each in backlogs):
        screen.print(Text("\nSend what ended processes have left: spanscore spool drain", "dim"))


def _print_counts(screen: Console, report: SpoolReport) -> None:
    counts = report.counts.items()
    rows = [(name, reason, f"{count:,}") for name, reasons in counts for reason, count in reasons.items()]
    rows += [(name, "dead letters", f"{count:,}") for name, count in report.dead_letters.items()]
    if rows:
        screen.print()
        columns = ("counted for", "reason", "count")
        screen.print(table(columns, rows, numbers=["count"], flexible=["reason"]))
