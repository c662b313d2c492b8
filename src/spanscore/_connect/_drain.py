"""What ended processes have left in the spool, sent to whom it was for."""

import time
from collections.abc import Sequence

from spanscore._config import DESTINATIONS, Settings
from spanscore._connect._opened import media_of, named_destination, open_spool, open_store, redactor_of
from spanscore._counted import counted
from spanscore.delivery import Flushed, Outbox, OutboxOptions, inspect
from spanscore.errors import DeliveryError
from spanscore.wire.records import Record
from spanscore.wire.seams import LOCAL, Destination, Receipt

_AFTER_DRAIN_S = 0.2
_STANDSTILL_S = 30.0
_LOOK_S = 0.1


def drain(
    settings: Settings, identities: Sequence[str] = (LOCAL,), *, timeout_s: float, claim: bool = False
) -> Flushed:
    """What could be sent of what dead processes have left for these destinations.

    Only to those that the settings still lead to: the same endpoint, the same key. With `claim` what waits
    for Braintrust under another key, or under none, is sent with the key in force. What was for exporter
    objects, which ended with their processes, is given up and counted.
    """
    spool = open_spool(settings)
    spool.bury_orphans()
    destinations = [found for each in identities if (found := _serving(each, settings, claim=claim))]
    options = OutboxOptions(spool=spool, redactor=redactor_of(settings), media=media_of(settings))
    outbox = Outbox(destinations, options)
    try:
        return outbox.flush(timeout_s)
    finally:
        outbox.close(_AFTER_DRAIN_S)


def _serving(identity: str, settings: Settings, *, claim: bool) -> Destination | None:
    """The destination of that identity, if these settings lead to it."""
    name = identity.partition(":")[0]
    if name not in DESTINATIONS:
        return None
    destination = named_destination(name, settings, open_store(settings), None)
    if destination.identity == identity:
        return destination
    same_server = identity.rpartition("#")[0] == destination.identity.rpartition("#")[0] != ""
    return Claimed(destination, identity) if claim and same_server else None


class Claimed:
    """A destination that takes what was meant for another identity of the same server."""

    def __init__(self, destination: Destination, identity: str) -> None:
        self._destination = destination
        self._identity = identity

    @property
    def identity(self) -> str:
        """Whose records it takes."""
        return self._identity

    def deliver(self, records: Sequence[Record]) -> Receipt:
        """One attempt to hand over records."""
        return self._destination.deliver(records)

    def close(self) -> None:
        """Let go of connections."""
        self._destination.close()


def bring_in(settings: Settings) -> None:
    """Wait until the embedded store has what ended processes have left for it.

    Another sender may be at it already, of this process or another one. Raises DeliveryError if that comes to
    a standstill.
    """
    left, since = _left_behind(settings), time.monotonic()
    while left:
        drain(settings, timeout_s=_STANDSTILL_S)
        before, left = left, _left_behind(settings)
        if left < before:
            since = time.monotonic()
        elif time.monotonic() - since > _STANDSTILL_S:
            raise DeliveryError(
                f"{counted(left, 'span')} of ended programs not stored, and nobody to store them; "
                "see `spanscore doctor` for the reason"
            )
        elif left:
            time.sleep(_LOOK_S)


def _left_behind(settings: Settings) -> int:
    """How many records of ended processes wait for the embedded store."""
    backlogs = inspect(open_spool(settings)).backlogs
    return sum(backlog.of_dead for backlog in backlogs if backlog.identity == LOCAL)
