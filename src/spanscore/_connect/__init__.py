"""Chooses destinations and backend from settings; drains what is left."""

from spanscore._connect._connection import Connection, connect, without_account
from spanscore._connect._drain import Claimed, drain
from spanscore._connect._opened import (
    STORE_FILE,
    chosen_destinations,
    open_attachments,
    open_datasets,
    open_spool,
    open_store,
)

__all__ = [
    "STORE_FILE",
    "Claimed",
    "Connection",
    "chosen_destinations",
    "connect",
    "drain",
    "open_attachments",
    "open_datasets",
    "open_spool",
    "open_store",
    "without_account",
]
