"""The last known state of prompts and parameters on disk, for when their server is away."""

import os
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from spanscore._json import from_json, to_json
from spanscore.wire.hosted import HostedQuery

_MOST_BYTES: Final = 16 << 20
_MOST_FILES: Final = 10_000


class AnswerFolder:
    """A folder with the newest answer for each query to an account; of more than 10,000 the oldest go.

    `account` tells accounts apart and is no secret: the server's address and the digest of a key.
    """

    def __init__(self, folder: Path, account: str) -> None:
        self._folder = folder
        self._account = account

    def keep(self, query: HostedQuery, answer: Any) -> None:
        """Write the answer down, whole or not at all; a folder that cannot be written keeps nothing."""
        text = to_json(answer, max_bytes=_MOST_BYTES, redact=False)
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._folder)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(name).replace(self._path(query))
            self._tidy()

    def find(self, query: HostedQuery) -> Any:
        """The last answer, None if there is none."""
        try:
            return from_json(self._path(query).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def _path(self, query: HostedQuery) -> Path:
        text = to_json([self._account, query.id, query.project_id or query.project, query.slug])
        return self._folder / f"{sha256(text.encode()).hexdigest()[:32]}.json"

    def _tidy(self) -> None:
        files = list(self._folder.glob("*.json"))
        if len(files) > _MOST_FILES:
            for path in sorted(files, key=_modified)[: len(files) - _MOST_FILES]:
                path.unlink(missing_ok=True)


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
