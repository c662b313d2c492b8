"""What is in an embedded store, and what a store would make of all that a sink took."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from spanscore.store import SqliteStore
from spanscore.store.otlp import decode_protobuf


def stored(path: Path) -> Counter[str]:
    """How many rows each span has in the store's file."""
    if not path.exists():
        return Counter()
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        rows = connection.execute("SELECT trace_id, id FROM rows").fetchall()
    except sqlite3.OperationalError:
        # Killed before the store had its tables.
        rows = []
    finally:
        connection.close()
    return Counter(f"{_hex(trace)}/{_hex(span)}" for trace, span in rows)


def _hex(value: bytes) -> str:
    return value.hex() if len(value) in (8, 16) else value.decode()


_NO_DESTINATIONS = frozenset({"errors", "recording", "redacted"})
"""What the ledger counts that was nobody's to deliver."""


def told_of(home: Path) -> int:
    """How many spans the spool's ledger says were not delivered, whatever the reason."""
    files = [path.read_text(encoding="utf-8") for path in home.rglob("ledger.jsonl")]
    lines = [json.loads(line) for text in files for line in text.splitlines()]
    return sum(line["count"] for line in lines if line["destination"] not in _NO_DESTINATIONS)


def twice_in_a_store(bodies: Iterable[bytes], path: Path) -> int:
    """How many rows too many a store has that takes these OTLP bodies one after the other."""
    store = SqliteStore(path)
    for body in bodies:
        store.deliver(decode_protobuf(body))
    store.close()
    rows = stored(path)
    return rows.total() - len(rows)
