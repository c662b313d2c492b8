"""An experiment of an earlier run, to be read."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from spanscore.api._experiment_rows import as_cases, newest_version
from spanscore.wire.datasets import Project
from spanscore.wire.seams import LOCAL, ExperimentRef

if TYPE_CHECKING:
    from spanscore._connect import Connection

_PORTION = 1000
_FLUSH_S = 30.0


class ReadonlyExperiment:
    """An experiment that is there already. Made by `init(…, open=True)`."""

    def __init__(self, connection: "Connection", ref: ExperimentRef) -> None:
        self._connection = connection
        self._ref = ref

    @property
    def id(self) -> str:
        """The experiment's id."""
        return self._ref.id

    @property
    def name(self) -> str:
        """Its name, unique in the project."""
        return self._ref.name

    @property
    def project(self) -> Project:
        """The project, with `id` and `name`."""
        return Project(id=self._ref.project_id, name=self._ref.project)

    @property
    def version(self) -> str | None:
        """The newest transaction of its rows, None if it has none; every row is read for it."""
        return newest_version(self.fetch())

    def fetch(self, batch_size: int = _PORTION) -> Iterator[dict[str, Any]]:
        """Every row so far under Braintrust's names, read about `batch_size` at a time."""
        # This process may be filling it.
        self._connection.outbox.flush(_FLUSH_S, only=LOCAL)
        return self._connection.backend.experiment_rows(self.id, portion=batch_size)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return self.fetch()

    def as_dataset(self, batch_size: int = _PORTION) -> Iterator[dict[str, Any]]:
        """Its cases as data for another eval; where none was expected, what came out is."""
        return as_cases(self.fetch(batch_size))

    def link(self) -> str:
        """Where to look at the experiment: a page, or with the embedded store the command that shows it."""
        return self._connection.backend.permalink(self._ref)
