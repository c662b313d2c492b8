"""`spanscore export … --to braintrust`: an experiment of the store sent to an account."""

import sys
from collections.abc import Sequence

from spanscore._account import Account
from spanscore._config import Settings
from spanscore._counted import counted
from spanscore.cli._store import reading_store
from spanscore.client.export import ExperimentExport
from spanscore.delivery._attachment_api import AttachmentApi
from spanscore.errors import ConfigError
from spanscore.store import SqliteStore
from spanscore.wire.attachments import FOLDER, Reference, stored_at
from spanscore.wire.parent import Parent, ParentKind
from spanscore.wire.seams import ExperimentRef

_EXPORTS = "exports"
_PREFIXES = ("experiment:", f"{ParentKind.EXPERIMENT_ID.value}:")


def send(reference: str) -> int:
    """Register the experiment with the account of the settings, send its rows, say how many."""
    settings = Settings.from_env()
    settings.require_api_key()
    registration = Account(settings).registration
    with reading_store() as store:
        experiment = _experiment(store, reference)
        parent = Parent(ParentKind.EXPERIMENT_ID, experiment.id)
        export = ExperimentExport(registration, settings.home / _EXPORTS, upload=_Uploads(settings))
        sent = export.send(experiment, store.request_of(experiment.id), store.rows(parent))
    parts = [
        counted(sent.rows, "row"),
        counted(sent.comments, "comment"),
        counted(sent.attachments, "attachment"),
    ]
    there = f"; {counted(sent.present, 'row was', 'rows were')} there already" if sent.present else ""
    print(f"sent {', '.join(parts)} of {experiment.project}/{experiment.name}{there}")
    print(
        f"{registration.project_link(experiment.project)} (experiment {sent.experiment_id})", file=sys.stderr
    )
    if sent.too_large:
        large = counted(sent.too_large, "row is", "rows are")
        print(f"{large} too large for {settings.api_url} and not there", file=sys.stderr)
        return 1
    return 0


def _experiment(store: SqliteStore, reference: str) -> ExperimentRef:
    if reference.startswith(("project_name:", "project_id:")):
        raise ConfigError(f"{reference} are logs; --to sends experiments: give PROJECT/NAME or an id")
    for prefix in _PREFIXES:
        reference = reference.removeprefix(prefix)
    return store.find_experiment(reference)


class _Uploads:
    """Hands over the files of the store that rows refer to; what is not there came from elsewhere."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._done: set[Reference] = set()

    def __call__(self, references: Sequence[Reference]) -> int:
        """How many files were handed over."""
        folder = self._settings.home / FOLDER
        wanted = [each for each in references if each not in self._done]
        found = [(each, path) for each in wanted if (path := stored_at(folder, each.key)).is_file()]
        if found:
            key = self._settings.require_api_key()
            with AttachmentApi(self._settings) as api:
                for reference, path in found:
                    api.upload(reference, path, key)
        self._done.update(each for each, _ in found)
        return len(found)
