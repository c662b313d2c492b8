"""The rows on disk: the embedded store, and the mapping of spans to rows."""

from spanscore.store.ingest import DEFAULT_PARENT, ingest
from spanscore.store.listings import CaseChange, ExperimentListing, InputScore, UnmatchedInput
from spanscore.store.sqlite import SqliteStore

__all__ = [
    "DEFAULT_PARENT",
    "CaseChange",
    "ExperimentListing",
    "InputScore",
    "SqliteStore",
    "UnmatchedInput",
    "ingest",
]
