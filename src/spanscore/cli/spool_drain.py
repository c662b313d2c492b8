"""`spanscore spool drain`: sends what ended processes have left in the spool."""

import argparse
import math
from collections.abc import Collection, Sequence

from spanscore._config import Settings
from spanscore._connect import drain, open_spool
from spanscore.delivery import Backlog, inspect
from spanscore.delivery._spool import PROCESS_BOUND


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `spanscore spool drain`."""
    parser.add_argument(
        "--timeout",
        type=_seconds,
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
    waiting = {backlog.identity: backlog.of_dead for backlog in inspect(spool).backlogs if backlog.of_dead}
    tried: Collection[str] = ()
    if waiting:
        sent = drain(settings, tuple(waiting), timeout_s=args.timeout, claim=args.claim)
        tried = sent.destinations
        for identity, flushed in sent.destinations.items():
            print(f"{identity}: {flushed.delivered:,} delivered" + _lost(flushed.lost))
    left = [backlog for backlog in inspect(spool).backlogs if backlog.records]
    _tell_given_up(waiting, left)
    for backlog in left:
        print(_told(backlog, settings, tried))
    if not waiting and not left:
        print("nothing waits")
    return 1 if any(backlog.of_dead for backlog in left) else 0


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not (seconds > 0 and math.isfinite(seconds)):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above 0")
    return seconds


def _tell_given_up(waiting: dict[str, int], left: Sequence[Backlog]) -> None:
    still = {backlog.identity: backlog.of_dead for backlog in left}
    for identity, count in waiting.items():
        gone = count - still.get(identity, 0)
        if identity.startswith(PROCESS_BOUND) and gone > 0:
            print(
                f"{identity}: {gone:,} lost: it was an object of a process that has ended (counted as lost)"
            )


def _lost(lost: dict[str, int]) -> str:
    return "".join(f", {count:,} {reason}" for reason, count in lost.items())


def _told(backlog: Backlog, settings: Settings, tried: Collection[str]) -> str:
    identity = backlog.identity
    if not backlog.of_dead:
        return f"{identity}: {backlog.of_living:,} wait in processes that run, which send them"
    reason = (
        "it was not reached, or not done, in the time" if identity in tried else _untried(identity, settings)
    )
    return f"{identity}: {backlog.of_dead:,} still wait; {reason}"


def _untried(identity: str, settings: Settings) -> str:
    """Why the settings do not lead to a destination, and what would."""
    name = identity.partition(":")[0]
    if name == "otlp":
        return "OTEL_EXPORTER_OTLP_ENDPOINT names another one"
    if name != "braintrust":
        return "these settings do not lead there"
    # Only here: it brings an HTTP client.
    from spanscore.delivery._braintrust import BraintrustDestination  # noqa: PLC0415

    in_force = BraintrustDestination(settings).identity
    if in_force.rpartition("#")[0] != identity.rpartition("#")[0]:
        return "the API URL in force is another one (set BRAINTRUST_API_URL to this one)"
    return "the key in force is another one (--claim sends them with that)"
