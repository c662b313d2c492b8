"""The embedded store: rows and experiments in one SQLite file."""

import os
import shlex
import sqlite3
import time
import weakref
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from opentelemetry.sdk.trace import ReadableSpan

from spanscore.errors import RetryLaterError, StoreBusyError
from spanscore.store import (
    _cases,
    _changes,
    _experiments,
    _finished,
    _pruning,
    _reading,
    _regressions,
    _search,
    _summaries,
)
from spanscore.store._attachments import StoredAttachments
from spanscore.store._connection import connect_to_read, connect_to_write, meaning
from spanscore.store._containers import existing_container, open_project
from spanscore.store._datasets import StoredDatasets
from spanscore.store._fork_lock import ForkLock
from spanscore.store._schema import migrate, migrations, needs_migration, transaction
from spanscore.store._sql import sql, texts
from spanscore.store._writer import Writer
from spanscore.store.ingest import ingest
from spanscore.store.listings import CaseChange, ExperimentListing, InputScore, UnmatchedInput
from spanscore.wire.datasets import ExperimentCase, Project
from spanscore.wire.parent import Parent
from spanscore.wire.records import Record, RowUpdate
from spanscore.wire.regressions import Regression
from spanscore.wire.rows import Row
from spanscore.wire.seams import ExperimentRef, ExperimentRequest, Receipt
from spanscore.wire.summaries import ExperimentSummary
from spanscore.wire.trials import FinishedTrial

_INHERITED: Final[list[sqlite3.Connection]] = []
"""Connections of a parent process: using or closing them here would break the parent's locks."""

_BARRED: Final[set[str]] = set()
"""Files that a parent had open when it forked: SQLite believes here that it has the parent's locks."""

_WAIT_FOR_READERS_S: Final = 1.0


class SqliteStore:
    """Rows and experiments in the file `path`; a destination of finished spans and a backend of evals.

    Opens lazily: making one does nothing, reading from a file that is not there finds nothing, the first
    write makes the folder (0700) and the file (0600). Several processes and threads may use one file at once;
    reading never waits for writing. Every method raises a StoreError that names the file and the remedy when
    the file cannot be used.

    `steps` are the migration scripts, each from one version of the file to the next. `attachments` is the
    folder where the bytes wait that rows refer to; they get into one beside the file, and go when no row is
    left that refers to them.
    """

    def __init__(
        self, path: Path, *, steps: Sequence[str] | None = None, attachments: Path | None = None
    ) -> None:
        self._path = path
        self._attachments = StoredAttachments(path, attachments)
        self._steps = steps
        before, begin = weakref.WeakMethod(self._close_for_fork), weakref.WeakMethod(self._begin_in_child)
        self._lock = ForkLock(
            lambda: (call := before()) and call(),
            lambda: (call := begin()) and call(),
        )
        self._connection: sqlite3.Connection | None = None
        self._closer: weakref.finalize[[], SqliteStore] | None = None
        self._writer: Writer | None = None
        self._readers: set[object] = set()

    def cases_of(self, experiment_id: str) -> Iterator[ExperimentCase]:
        """Finished cases of an experiment, as they can be run again. Raises NotFoundError."""
        return _cases.cases_of(self._reading, experiment_id)

    def base_experiment(self, experiment_id: str, name: str | None = None) -> ExperimentRef | None:
        """The experiment of that name in the same project, else the baseline. Raises NotFoundError."""
        with self._reading() as connection:
            return _cases.base_experiment(connection, experiment_id, name)

    @property
    def datasets(self) -> StoredDatasets:
        """The datasets in the file, with all their versions."""
        return StoredDatasets(self._reading, self._writing, self._attachments)

    @property
    def identity(self) -> str:
        """The name of this destination: there is one embedded store."""
        return "local"

    def deliver(self, records: Sequence[Record]) -> Receipt:
        """Store finished spans and updates, all or none; they are committed when it returns.

        Raises RetryLaterError in a child that was forked while the file was in use: another process has to.
        """
        if self._is_barred():
            raise RetryLaterError(self._barred())
        found = [record if isinstance(record, RowUpdate) else ingest(record) for record in records]
        with self._writing():
            assert self._writer is not None
            self._writer.write(found)
        return Receipt()

    def close(self) -> None:
        """Close the file; a later call opens it again."""
        with self._lock, meaning(self._path):
            self._let_go()

    def register_experiment(self, request: ExperimentRequest) -> ExperimentRef:
        """A new experiment, or that of the name if the request says `update`; a taken name gets a suffix."""
        with self._writing() as connection, transaction(connection):
            return _experiments.register(connection, request, time.time_ns())

    def summarize_experiment(self, experiment_id: str, *, baseline: str | None) -> ExperimentSummary:
        """Figures of an experiment and their difference to the baseline.

        The baseline is by default the one chosen when the experiment began, else the latest earlier one that
        has cases and was not run in part. Raises NotFoundError.
        """
        with self._reading() as connection:
            return _summaries.summarize(connection, experiment_id, baseline)

    def permalink(self, experiment: ExperimentRef) -> str:
        """The command that shows the experiment."""
        return f"spanscore experiments show {shlex.quote(f'{experiment.project}/{experiment.name}')}"

    def find_experiment(self, reference: str, *, project: str | None = None) -> ExperimentRef:
        """The experiment of that id, prefix of an id of at least 8 characters, name, or PROJECT/NAME.

        Raises NotFoundError, which names what could have been meant.
        """
        with self._reading() as connection:
            return _experiments.find(connection, reference, project)

    def experiments(self, *, project: str | None = None, limit: int = 50) -> list[ExperimentListing]:
        """Experiments with their figures, newest first."""
        with self._reading() as connection:
            return _summaries.list_experiments(connection, project, limit)

    def end_run(self, experiment_id: str) -> None:
        """Say that the run of the experiment has come to its end."""
        with self._writing() as connection, transaction(connection):
            connection.execute(sql("set_unfinished"), (False, experiment_id))

    def keep_summary_scores(self, experiment_id: str, scores: Mapping[str, float | None]) -> None:
        """Keep the scores of the whole experiment in place of those before."""
        with self._writing() as connection, transaction(connection):
            _experiments.keep_summary_scores(connection, experiment_id, scores)

    def mark_partial(self, experiment_id: str, reason: str | None) -> None:
        """Say that the run has ended, and why not all cases have run, None if they have."""
        with self._writing() as connection, transaction(connection):
            connection.execute(sql("mark_partial"), {"reason": reason, "id": experiment_id})

    def row_of(self, span: ReadableSpan) -> Row:
        """The row that a finished span becomes; nothing is written."""
        return ingest(span)

    def finished_trials(self, experiment_id: str) -> Iterator[FinishedTrial]:
        """The newest attempt at each trial of an experiment, one by one. Raises NotFoundError."""
        with self._reading() as connection:
            yield from _finished.finished_trials(connection, experiment_id)

    def finished_traces(self, experiment_id: str) -> Iterator[list[Row]]:
        """The rows of each such trial, the eval span's first. Raises NotFoundError."""
        with self._reading() as connection:
            yield from _finished.finished_traces(connection, experiment_id)

    def case_changes(
        self, experiment_id: str, baseline_id: str, score: str, *, limit: int = 20
    ) -> list[CaseChange]:
        """Inputs of both experiments whose score differs: the largest regressions first, then the rises."""
        with self._reading() as connection:
            return _changes.case_changes(connection, experiment_id, baseline_id, score, limit)

    def largest_changes(
        self, experiment_id: str, baseline_id: str, scores: Iterable[str], *, limit: int = 20
    ) -> dict[str, list[CaseChange]]:
        """For each score the inputs that fell most, then those that rose most; `limit` of either."""
        with self._reading() as connection:
            return _changes.largest_changes(connection, experiment_id, baseline_id, scores, limit)

    def unmatched_inputs(
        self, experiment_id: str, baseline_id: str, *, limit: int = 20
    ) -> tuple[list[UnmatchedInput], list[UnmatchedInput]]:
        """Inputs that the experiment has alone, and those of the baseline; at most `limit` of either."""
        with self._reading() as connection:
            return _changes.unmatched_inputs(connection, experiment_id, baseline_id, limit)

    def input_scores(self, experiment_id: str, score: str, *, limit: int = 20) -> list[InputScore]:
        """What the trials of each input scored, the lowest mean first."""
        with self._reading() as connection:
            return _changes.input_scores(connection, experiment_id, score, limit)

    def regressions(self, experiment_id: str, baseline_id: str, *, limit: int) -> list[Regression]:
        """Inputs of both experiments of which a score fell, the largest fall first. Raises NotFoundError."""
        with self._reading() as connection:
            return _regressions.regressions(connection, experiment_id, baseline_id, limit)

    def trace(self, reference: str) -> list[Row]:
        """Rows of a trace, oldest first, by trace id, span id, a unique prefix of one, or "latest".

        Raises NotFoundError.
        """
        with self._reading() as connection:
            return _reading.read_trace(connection, reference)

    def logs(self, *, project: str | None = None, search: str | None = None, limit: int = 50) -> list[Row]:
        """Roots of production traces, newest first; with `search` all rows that have its words."""
        if search is not None:
            self._catch_up()
        with self._reading() as connection:
            if search is not None:
                return _search.search_logs(connection, search, project, limit)
            return _reading.read_logs(connection, project, limit)

    def search(self, text: str, *, parent: Parent | None = None, limit: int = 50) -> list[Row]:
        """Rows of a container, or of all, that have all words of the text, newest first."""
        self._catch_up()
        with self._reading() as connection:
            container = None if parent is None else existing_container(connection, parent)
            return _search.search(connection, text, container, limit)

    def rows(self, parent: Parent) -> Iterator[Row]:
        """Every row of a container, oldest first, one by one."""
        with self._reading() as connection:
            yield from _reading.read_rows(connection, parent)

    def has_experiment(self, experiment_id: str) -> bool:
        """True if it has the experiment of that id."""
        with self._reading() as connection:
            return _experiments.is_known(connection, experiment_id)

    def request_of(self, experiment_id: str) -> ExperimentRequest:
        """What the experiment was asked for with, but for its id and baseline. Raises NotFoundError."""
        with self._reading() as connection:
            return _experiments.request_of(connection, experiment_id)

    def open_project(self, name: str | None, project_id: str | None) -> Project:
        """The project of that id, else of that name; made, if it is not there."""
        with self._writing() as connection, transaction(connection):
            return open_project(connection, name, project_id, time.time_ns())

    def projects(self) -> list[str]:
        """Names of the projects."""
        with self._reading() as connection:
            return [name for (name,) in connection.execute(sql("project_names"))]

    def delete_rows(self, parent: Parent, ids: Iterable[str]) -> int:
        """Delete rows of a container by id; how many there were. Raises NotFoundError if there is none."""
        with self._writing() as connection:
            deleted = _pruning.delete_rows(connection, existing_container(connection, parent), ids)
            self._attachments.remove_unused(connection)
            return deleted

    def prune(self, before_ns: int) -> int:
        """Delete the traces of logs that ended before this moment; how many rows. Experiments stay."""
        with self._writing() as connection:
            deleted = _pruning.delete_old(connection, before_ns)
            self._attachments.remove_unused(connection)
            return deleted

    def delete_experiment(self, reference: str) -> int:
        """Delete an experiment with all its rows; how many there were. Raises NotFoundError."""
        with self._writing() as connection:
            ref = _experiments.find(connection, reference, None)
            container = existing_container(connection, Parent.parse(f"experiment_id:{ref.id}"))
            deleted = _pruning.delete_experiment(connection, ref.id, container)
            self._attachments.remove_unused(connection)
            return deleted

    def collisions(self) -> int:
        """How many spans have the id of a span of another trace in the same container; each has its row."""
        with self._reading() as connection:
            return connection.execute(sql("collisions")).fetchone()[0]

    def _catch_up(self) -> None:
        if self._path.exists():
            with self._writing() as connection:
                _search.catch_up(connection)

    @contextmanager
    def _writing(self) -> Generator[sqlite3.Connection]:
        with self._lock, meaning(self._path):
            if self._is_barred():
                raise StoreBusyError(self._barred())
            if self._connection is None:
                self._connection = self._opened()
                self._writer = Writer(self._connection, self._attachments)
            yield self._connection

    def _opened(self) -> sqlite3.Connection:
        texts()
        connection = connect_to_write(self._path)
        try:
            migrate(connection, self._known_steps(), self._path)
        except BaseException:
            connection.close()
            raise
        # For a store that is forgotten without `close`. Not at exit: what is delivered then still needs the
        # connection.
        self._closer = weakref.finalize(self, connection.close)
        self._closer.atexit = False
        return connection

    def _let_go(self) -> None:
        """Close the connection for writing, if there is one."""
        connection, self._connection, self._writer = self._connection, None, None
        if connection is not None:
            connection.close()
        if self._closer is not None:
            self._closer.detach()
            self._closer = None

    @contextmanager
    def _reading(self) -> Generator[sqlite3.Connection]:
        if self._is_barred():
            raise StoreBusyError(self._barred())
        # Noted before it is opened and until it is closed, for a fork.
        reader = object()
        self._readers.add(reader)
        try:
            with meaning(self._path), closing(self._connected_to_read()) as connection:
                yield connection
        finally:
            self._readers.discard(reader)

    def _connected_to_read(self) -> sqlite3.Connection:
        if not self._path.exists() or self._path.stat().st_size == 0:
            return self._empty()
        connection = connect_to_read(self._path)
        try:
            is_older = needs_migration(connection, self._known_steps(), self._path)
        except BaseException:
            connection.close()
            raise
        if not is_older:
            return connection
        connection.close()
        with self._writing():
            return connect_to_read(self._path)

    def _empty(self) -> sqlite3.Connection:
        """A store without rows, for reading where there is no file."""
        connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        migrate(connection, self._known_steps(), self._path)
        return connection

    def _known_steps(self) -> Sequence[str]:
        if self._steps is None:
            self._steps = migrations()
        return self._steps

    def _close_for_fork(self) -> None:
        """Close the file; either process opens it again when it needs it.

        SQLite notes the locks of a process once for each file, and a child would inherit that note without
        the locks: when its parent closed the file, it would remove the log that the child goes on writing to.
        """
        self._let_go()
        deadline = time.monotonic() + _WAIT_FOR_READERS_S
        while self._readers and time.monotonic() < deadline:
            time.sleep(0.005)

    def _begin_in_child(self) -> None:
        """Use nothing of the parent's, nor the file if the parent had it open."""
        if self._lock.was_missed or self._readers:
            _BARRED.add(os.path.realpath(self._path))
        if self._connection is not None:
            _INHERITED.append(self._connection)
        if self._closer is not None:
            self._closer.detach()
        self._connection = self._writer = self._closer = None
        self._readers = set()

    def _is_barred(self) -> bool:
        return bool(_BARRED) and os.path.realpath(self._path) in _BARRED

    def _barred(self) -> str:
        return (
            f"{self._path} was in use when this process was forked, and cannot be used in it; "
            "its spans wait in the spool, and another process stores them"
        )
