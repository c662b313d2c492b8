"""Which rows of an experiment an account has already, in a file that outlives an attempt."""

import os
from collections.abc import Sequence
from pathlib import Path

from spanscore._json import from_json, to_json
from spanscore.wire.rows import Row

SentRow = tuple[str, str, str]
"""Trace, id and transaction of a row: one that has changed since is another."""


class SentRows:
    """A file of lines: the experiment that the rows are sent to, then each row that is there.

    A line that a killed process has left unfinished is no row.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.experiment_id: str | None = None
        self._sent: set[SentRow] = set()
        self._read()

    def begin(self, experiment_id: str) -> None:
        """Have the rows be those of another experiment of the account: none of them is there."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path.write_text(to_json(experiment_id) + "\n", encoding="utf-8")
        self.experiment_id = experiment_id
        self._sent.clear()

    def has(self, row: Row) -> bool:
        """True if the row is there as it is now."""
        return _key(row) in self._sent

    def add(self, rows: Sequence[Row]) -> None:
        """Note that these are there; it is on the disk when this returns."""
        keys = [_key(row) for row in rows]
        with self._path.open("a", encoding="utf-8") as file:
            file.writelines(f"{to_json(key)}\n" for key in keys)
            file.flush()
            os.fsync(file.fileno())
        self._sent.update(keys)

    def _read(self) -> None:
        try:
            lines = self._path.read_text(encoding="utf-8").split("\n")
        except FileNotFoundError:
            return
        for number, line in enumerate(lines):
            try:
                value = from_json(line)
            except ValueError:
                continue
            if number == 0 and isinstance(value, str):
                self.experiment_id = value
            elif isinstance(value, list) and len(value) == 3:  # pyright: ignore[reportUnknownArgumentType]
                trace_id, row_id, xact_id = map(str, value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
                self._sent.add((trace_id, row_id, xact_id))


def _key(row: Row) -> SentRow:
    return row.root_span_id, row.id, row.xact_id or ""
