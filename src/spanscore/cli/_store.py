"""The store that commands read."""

from collections.abc import Generator
from contextlib import contextmanager

from spanscore._config import Settings
from spanscore._connect import STORE_FILE
from spanscore.errors import NotFoundError
from spanscore.store import SqliteStore
from spanscore.wire.parent import Parent, ParentKind


@contextmanager
def reading_store() -> Generator[SqliteStore]:
    """The store in the home folder. Raises NotFoundError where there is none, and then makes none."""
    path = Settings.from_env().home / STORE_FILE
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


def container_name(store: SqliteStore, parent: str) -> str:
    """A container in words, such as "support bot/first try" for an experiment."""
    container = Parent.parse(parent)
    if container.kind is not ParentKind.EXPERIMENT_ID:
        return container.value
    experiment = store.find_experiment(container.value)
    return f"{experiment.project}/{experiment.name}"
