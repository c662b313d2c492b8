"""The bytes that rows refer to: files beside the store, named by what is in them."""

import logging
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Final

from spanscore.attachments import linked
from spanscore.store._schema import transaction
from spanscore.store._sql import sql
from spanscore.wire.attachments import ATTACHMENT, FOLDER, is_key, references_in, stored_at
from spanscore.wire.rows import Row

_logger = logging.getLogger("spanscore")
_SAY_EVERY_S: Final = 60.0


class StoredAttachments:
    """The folder of attachments beside the store's file.

    `waiting` is where the bytes are found that rows bring along; None: nowhere.
    """

    def __init__(self, path: Path, waiting: Path | None) -> None:
        self.folder: Path = path.parent / FOLDER
        self._waiting = waiting
        self._may_say_at = 0.0

    def keep(self, row: Row, payload: str) -> list[bytes]:
        """Have the bytes that a row refers to beside the store; their keys, as the store has them.

        To be called while the row is being written: who removes what nobody refers to waits meanwhile.
        """
        return self.take(row.fields.values()) if ATTACHMENT in payload else []

    def take(self, texts: Iterable[str]) -> list[bytes]:
        """The same for what JSON texts refer to."""
        keys = {found.key for text in texts for found in references_in(text)}
        for key in keys:
            self._take(key)
        return [_short(key) for key in sorted(keys)]

    def remove_unused(self, connection: sqlite3.Connection) -> int:
        """Remove the bytes that no row refers to any more; how many files."""
        return sum(self._remove_unused(connection, folder) for folder in self._folders())

    def _take(self, key: str) -> None:
        target = stored_at(self.folder, key)
        try:
            if self._waiting is not None:
                linked(self._waiting / key, target)
        except FileNotFoundError:
            # The bytes of a reference that came from elsewhere are elsewhere.
            return
        except OSError as error:
            # The row goes before: it would wait for ever for a place for its picture.
            self._say(target, error)

    def _say(self, target: Path, error: OSError) -> None:
        now = monotonic()
        if now >= self._may_say_at:
            self._may_say_at = now + _SAY_EVERY_S
            _logger.warning("%s: the bytes of an attachment cannot be stored: %s", target, error)

    def _folders(self) -> Iterator[Path]:
        with suppress(OSError):
            yield from sorted(path for path in self.folder.iterdir() if path.is_dir())

    def _remove_unused(self, connection: sqlite3.Connection, folder: Path) -> int:
        removed = 0
        # So many at once as begin alike: others that write need not wait long for it.
        with transaction(connection):
            for path in _files(folder):
                key = path.name
                if (
                    is_key(key)
                    and not connection.execute(sql("is_attached"), {"key": _short(key)}).fetchone()[0]
                ):
                    path.unlink(missing_ok=True)
                    removed += 1
        with suppress(OSError):
            folder.rmdir()
        return removed


def _files(folder: Path) -> list[Path]:
    try:
        return [Path(entry.path) for entry in os.scandir(folder)]
    except OSError:
        return []


def _short(key: str) -> bytes:
    return bytes.fromhex(key.replace("-", ""))
