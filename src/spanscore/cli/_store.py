"""The store that commands read."""

import sys
from collections.abc import Generator
from contextlib import contextmanager

from spanscore._config import Settings
from spanscore._connect import STORE_FILE, drain, open_spool
from spanscore._counted import counted
from spanscore.delivery import inspect
from spanscore.errors import NotFoundError
from spanscore.store import SqliteStore
from spanscore.wire.parent import Parent, ParentKind
from spanscore.wire.seams import LOCAL

_DRAIN_S = 60.0


@contextmanager
def reading_store() -> Generator[SqliteStore]:
    """The store in the home folder. Raises NotFoundError where there is none, and then makes none."""
    settings = Settings.from_env()
    path = settings.home / STORE_FILE
    _bring_in(settings)
    if not path.exists():
        raise NotFoundError(
            f"there is no {path}: nothing has been recorded here; run `spanscore eval` or a program that "
            "calls init_logger(), or set SPANSCORE_HOME to the folder where something was"
        )
    store = SqliteStore(path)
    try:
        yield store
    finally:
        store.close()


def _bring_in(settings: Settings) -> None:
    """Store what ended processes have left, and say how much waits in processes that run."""
    backlogs = {backlog.identity: backlog for backlog in inspect(open_spool(settings)).backlogs}
    waiting = backlogs.get(LOCAL)
    if waiting is not None and waiting.of_dead:
        drain(settings, timeout_s=_DRAIN_S)
    if waiting is not None and waiting.of_living:
        print(f"not stored yet: {counted(waiting.of_living, 'span')} of running programs", file=sys.stderr)


def container_name(store: SqliteStore, parent: str) -> str:
    """A container in words, such as "support bot/first try" for an experiment."""
    container = Parent.parse(parent)
    if container.kind is not ParentKind.EXPERIMENT_ID:
        return container.value
    experiment = store.find_experiment(container.value)
    return f"{experiment.project}/{experiment.name}"
