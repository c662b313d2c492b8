"""An experiment of the embedded store sent to an account."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from spanscore._json import from_json, to_json
from spanscore.client._sent_rows import SentRows
from spanscore.client.experiments import insert_rows, read_experiment
from spanscore.client.registration import Registration
from spanscore.errors import NotFoundError, RejectedError, TooLargeError, UnauthorizedError
from spanscore.wire.attachments import Reference, references_in
from spanscore.wire.rows import Row
from spanscore.wire.seams import ExperimentRef, ExperimentRequest

MOST_ROWS: Final = 100
MOST_BYTES: Final = 4 << 20
_MERGE: Final = "/logs3"
_ANY_SIZE: Final = 1 << 40

_Event = tuple[Row, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was sent: rows, comments and attachments; rows that were there already, and too large ones."""

    experiment_id: str
    rows: int
    present: int
    too_large: int
    comments: int
    attachments: int


class ExperimentExport:
    """Sends experiments to the account of a registration, noting in `folder` what has arrived.

    It may be repeated, after a failure too: what is there is not sent again, and what is sent again replaces
    what is there. `upload` hands over what a row refers to, and gives how many files those were.
    """

    def __init__(
        self, registration: Registration, folder: Path, *, upload: Callable[[Sequence[Reference]], int]
    ) -> None:
        self._registration = registration
        self._client = registration.client
        self._folder = folder
        self._upload = upload

    def send(self, experiment: ExperimentRef, request: ExperimentRequest, rows: Iterable[Row]) -> Exported:
        """Register the experiment, if it is not there, and send its rows. Raises what the requests raise.

        Rows that the account finds too large, each for itself, are left out and counted.
        """
        sent = SentRows(self._path_of(experiment))
        experiment_id = sent.experiment_id or self._begun(experiment, request, sent)
        counts = {"rows": 0, "present": 0, "too_large": 0, "comments": 0, "attachments": 0}
        for batch in _batches(rows, sent, counts):
            self._insert(experiment_id, batch, sent, counts)
        return Exported(experiment_id=experiment_id, **counts)

    def _path_of(self, experiment: ExperimentRef) -> Path:
        account = f"{self._client.api_url} {self._registration.organisation.id}"
        digest = hashlib.sha256(account.encode()).hexdigest()[:16]
        return self._folder / f"{experiment.id}-{digest}.jsonl"

    def _begun(self, experiment: ExperimentRef, request: ExperimentRequest, sent: SentRows) -> str:
        """The id there: its own, if it was registered when it ran."""
        try:
            found = read_experiment(self._client, experiment.id)["id"]
        except (NotFoundError, RejectedError, UnauthorizedError):
            # The service says of what is not there that it may not be read.
            found = self._registration.register(request).id
        sent.begin(found)
        return found

    def _insert(
        self, experiment_id: str, batch: Sequence[_Event], sent: SentRows, counts: dict[str, int]
    ) -> None:
        """Send the rows; of what is too large halves, down to the one row."""
        body = b'{"events":[' + b",".join(text for _, text in batch) + b"]}"
        try:
            insert_rows(self._client, experiment_id, body)
        except TooLargeError:
            if len(batch) == 1:
                counts["too_large"] += 1
                return
            half = len(batch) // 2
            for part in (batch[:half], batch[half:]):
                self._insert(experiment_id, part, sent, counts)
            return
        rows = [row for row, _ in batch]
        counts["rows"] += len(rows)
        self._insert_further(experiment_id, rows, counts)
        sent.add(rows)

    def _insert_further(self, experiment_id: str, rows: Sequence[Row], counts: dict[str, int]) -> None:
        """Send what belongs to rows that are there: comments and attachments."""
        comments = [comment for row in rows for comment in _comments(row, experiment_id)]
        if comments:
            merged = {"rows": comments, "api_version": 2}
            self._client.post(_MERGE, merged, is_idempotent=True)
            counts["comments"] += len(comments)
        references = [found for row in rows for text in row.fields.values() for found in references_in(text)]
        if references:
            counts["attachments"] += self._upload(list(dict.fromkeys(references)))


def _batches(rows: Iterable[Row], sent: SentRows, counts: dict[str, int]) -> Iterator[list[_Event]]:
    """The rows that are not there, with their JSON, as many at a time as a request may have."""
    batch: list[_Event] = []
    size = 0
    for row in rows:
        if sent.has(row):
            counts["present"] += 1
            continue
        text = _event(row)
        if batch and (len(batch) == MOST_ROWS or size + len(text) > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append((row, text))
        size += len(text)
    if batch:
        yield batch


def _event(row: Row) -> bytes:
    return to_json(row.as_event(), max_bytes=_ANY_SIZE, redact=False).encode()


def _comments(row: Row, experiment_id: str) -> list[dict[str, Any]]:
    about = {"origin": {"id": row.given_id}, "experiment_id": experiment_id}
    return [{**comment, **about} for comment in from_json(row.fields.get("comments", "[]"))]
