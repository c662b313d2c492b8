"""A run of pytest that is over. Import it as `from pytest_runs import Ran, Runs`."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from spanscore.store import SqliteStore
from spanscore.wire.parent import Parent, ParentKind
from spanscore.wire.rows import Row
from spanscore.wire.seams import ExperimentRef

PLUGINS = ("spanscore.pytest_plugin", "pytest_asyncio.plugin")
SETTINGS = """
[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
filterwarnings = error
addopts = --strict-markers
"""


@dataclass(frozen=True, kw_only=True)
class Ran:
    """A run that is over: what it printed, how it ended, and the store that it left."""

    printed: str
    outcomes: str
    home: Path

    @property
    def experiments(self) -> list[ExperimentRef]:
        """The experiments, the oldest first."""
        if not (self.home / "spanscore.db").exists():
            return []
        with self._store() as store:
            return [each.ref for each in reversed(store.experiments())]

    @property
    def partial(self) -> list[str | None]:
        """Why they are partial, None for those that are whole."""
        with self._store() as store:
            return [each.partial for each in reversed(store.experiments())]

    def rows(self, experiment: ExperimentRef) -> list[Row]:
        """The rows of an experiment by the time they began."""
        with self._store() as store:
            rows = list(store.rows(Parent(ParentKind.EXPERIMENT_ID, experiment.id)))
        return sorted(rows, key=lambda row: (row.start_ns, row.span_id))

    def _store(self) -> closing[SqliteStore]:
        return closing(SqliteStore(self.home / "spanscore.db"))

    def cases(self) -> dict[str, Row]:
        """The cases of the only experiment, by the names of their tests."""
        (experiment,) = self.experiments
        return {row.name: row for row in self.rows(experiment) if row.is_root and row.type == "eval"}


Runs = Callable[..., Ran]
