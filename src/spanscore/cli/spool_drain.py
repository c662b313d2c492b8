"""`spanscore spool drain`: sends what ended processes have left in the spool."""

import argparse

from spanscore._config import Settings
from spanscore._connect import drain, open_spool
from spanscore.delivery import Backlog, inspect


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `spanscore spool drain`."""
    parser.add_argument(
        "--timeout",
        type=float,
        metavar="SECONDS",
        default=60.0,
        help="give up after so many seconds; the rest stays in the spool (60 by default)",
    )
    parser.add_argument(
        "--claim",
        action="store_true",
        help="send what waits for Braintrust under another key, or under none, with the key in force",
    )


def run(args: argparse.Namespace) -> int:
    """Send; 0 if nothing of ended processes is left, else 1."""
    settings = Settings.from_env()
    spool = open_spool(settings)
    waiting = [backlog.identity for backlog in inspect(spool).backlogs if backlog.of_dead]
    if waiting:
        sent = drain(settings, waiting, timeout_s=args.timeout, claim=args.claim)
        for identity, flushed in sent.destinations.items():
            print(f"{identity}: {flushed.delivered:,} delivered" + _lost(flushed.lost))
    left = [backlog for backlog in inspect(spool).backlogs if backlog.records]
    for backlog in left:
        print(_told(backlog))
    if not waiting and not left:
        print("nothing waits")
    return 1 if any(backlog.of_dead for backlog in left) else 0


def _lost(lost: dict[str, int]) -> str:
    return "".join(f", {count:,} {reason}" for reason, count in lost.items())


def _told(backlog: Backlog) -> str:
    if not backlog.of_dead:
        return f"{backlog.identity}: {backlog.of_living:,} wait in processes that run, which send them"
    remedy = {
        "braintrust": "it does not answer, or the key in force is another one (--claim sends them with that)",
        "otlp": "it does not answer, or OTEL_EXPORTER_OTLP_ENDPOINT names another one",
    }.get(backlog.identity.partition(":")[0], "it does not answer")
    return f"{backlog.identity}: {backlog.of_dead:,} still wait; {remedy}"
