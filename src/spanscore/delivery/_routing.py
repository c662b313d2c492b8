"""The ways of records where a process records for several accounts: each takes that of its container."""

from collections.abc import Mapping, Sequence
from time import monotonic

from spanscore.delivery._exit import EXIT_BUDGET_S
from spanscore.delivery._flushed import Flushed, flushed_together
from spanscore.delivery._outbox import Outbox
from spanscore.tracing import Sink
from spanscore.wire.attributes import PARENT
from spanscore.wire.records import Record, RowUpdate


class Routing:
    """Hands each record to the outbox that its container is led to; those of all others to `default`.

    `ways` are the outboxes by container, as they are at that moment.
    """

    def __init__(self, default: Outbox, ways: Mapping[str, Outbox]) -> None:
        self.default = default
        self._ways = ways

    @property
    def identities(self) -> frozenset[str]:
        """The identities of the destinations of containers that are led nowhere else."""
        return self.default.identities

    def instead_of(self, sink: Sink) -> Sink:
        """What has the same ways in the place of an outbox; anything else as it is."""
        if sink is self.default:
            return self
        return Routing(sink, self._ways) if isinstance(sink, Outbox) else sink

    def put(self, record: Record) -> None:
        """Take one record; it is safe when this returns."""
        parent = record.parent if isinstance(record, RowUpdate) else (record.attributes or {}).get(PARENT)
        outbox = self._ways.get(parent) if isinstance(parent, str) else None
        (self.default if outbox is None else outbox).put(record)

    def flush(self, timeout_s: float = 30.0) -> Flushed:
        """Wait until everything taken so far is safe everywhere, at most `timeout_s` seconds."""
        return flush_all((self.default, *dict.fromkeys(self._ways.values())), timeout_s)


def flush_all(outboxes: Sequence[Outbox], timeout_s: float) -> Flushed:
    """What all of them have delivered and what not, after waiting at most `timeout_s` seconds together."""
    deadline = monotonic() + timeout_s
    if len(outboxes) > 1:
        # All hurry before one is waited for: it may be one that takes all the time there is.
        for outbox in outboxes:
            outbox.flush(0)
    figures = [outbox.flush(max(0.0, deadline - monotonic())) for outbox in outboxes]
    return figures[0] if len(figures) == 1 else flushed_together(figures)


def close_all(outboxes: Sequence[Outbox], timeout_s: float = EXIT_BUDGET_S) -> None:
    """Deliver what can be within `timeout_s` seconds together; the spool, let go of, keeps the rest."""
    deadline = monotonic() + timeout_s
    for outbox in outboxes:
        outbox.close(max(0.0, deadline - monotonic()))
