"""Finished spans on their way to their destinations."""

from spanscore.delivery._flushed import Flushed, flushed_together
from spanscore.delivery._inspection import Backlog, SpoolReport, inspect
from spanscore.delivery._masking import MASKING
from spanscore.delivery._outbox import EXIT_BUDGET_S, Outbox, OutboxOptions
from spanscore.delivery._spool import Spool
from spanscore.delivery._tail import TailSampling

__all__ = [
    "EXIT_BUDGET_S",
    "MASKING",
    "Backlog",
    "Flushed",
    "Outbox",
    "OutboxOptions",
    "Spool",
    "SpoolReport",
    "TailSampling",
    "flushed_together",
    "inspect",
]
