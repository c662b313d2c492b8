"""Chooses destinations and backend from settings."""

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter

from spanscore._account import Account, with_repository, without_secrets
from spanscore._config import DESTINATIONS, Settings
from spanscore._json._media import MEDIA
from spanscore.attachments import KEEPING, AttachmentFolder, find_media
from spanscore.delivery import Flushed, Outbox, OutboxOptions, Spool, TailSampling, inspect
from spanscore.delivery._media import Media
from spanscore.delivery._redaction import Redactor
from spanscore.errors import DeliveryError, NotFoundError
from spanscore.wire.attachments import FOLDER
from spanscore.wire.datasets import ExperimentCase, Project
from spanscore.wire.parent import Parent, ParentKind
from spanscore.wire.records import Record
from spanscore.wire.regressions import Regression
from spanscore.wire.rows import Row
from spanscore.wire.seams import (
    LOCAL,
    Backend,
    Datasets,
    Destination,
    ExperimentRef,
    ExperimentRequest,
    Receipt,
)
from spanscore.wire.summaries import ExperimentSummary
from spanscore.wire.trials import FinishedTrial

if TYPE_CHECKING:
    from spanscore.store import SqliteStore

STORE_FILE = "spanscore.db"
SPOOL_FOLDER = "spool"
_AFTER_DRAIN_S = 0.2
_STANDSTILL_S = 30.0
_LOOK_S = 0.1
_logger = logging.getLogger("spanscore")


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """What the front doors work with: where finished spans go, and who knows about experiments.

    `account` is that of Braintrust, None where no spans go there.
    """

    settings: Settings
    outbox: Outbox
    backend: Backend
    account: Account | None


def connect(
    settings: Settings,
    *,
    exporters: Sequence[SpanExporter] = (),
    headers: Mapping[str, str] | None = None,
    tail: TailSampling | None = None,
) -> Connection:
    """Destinations as the settings and `exporters` say, and the embedded store as backend. Opens nothing yet.

    Without any it is Braintrust if a key is found, else the embedded store. `headers` go with each request to
    Braintrust.
    """
    store = open_store(settings)
    names = settings.destinations
    if names is None:
        names = () if exporters else chosen_destinations(settings)
    destinations = [_named(name, settings, store, headers) for name in names]
    if exporters:
        # Only a program that has exporters of its own needs it.
        from spanscore.delivery._exporter import ExporterDestination  # noqa: PLC0415

        each_once = {id(exporter): exporter for exporter in exporters}
        destinations += [ExporterDestination(exporter) for exporter in each_once.values()]
    KEEPING.folder = open_attachments(settings)
    MEDIA.find = find_media if settings.convert_media else None
    options = OutboxOptions(
        spool=open_spool(settings),
        durability=settings.durability,
        redactor=_redactor(settings),
        redact_at=settings.redact_at,
        tail=tail,
        media=_media(settings),
    )
    outbox = Outbox(destinations, options)
    account = Account(settings) if "braintrust" in names else None
    backend = _LocalExperiments(settings, store, outbox, account)
    return Connection(settings=settings, outbox=outbox, backend=backend, account=account)


def chosen_destinations(settings: Settings) -> tuple[str, ...]:
    """The names of the destinations that these settings lead to."""
    if settings.destinations is not None:
        return settings.destinations
    return ("braintrust",) if settings.find_api_key() else ("local",)


def drain(
    settings: Settings, identities: Sequence[str] = (LOCAL,), *, timeout_s: float, claim: bool = False
) -> Flushed:
    """What could be sent of what dead processes have left for these destinations.

    Only to those that the settings still lead to: the same endpoint, the same key. With `claim` what waits
    for Braintrust under another key, or under none, is sent with the key in force. What was for exporter
    objects, which ended with their processes, is given up and counted.
    """
    spool = open_spool(settings)
    spool.bury_orphans()
    destinations = [found for each in identities if (found := _serving(each, settings, claim=claim))]
    options = OutboxOptions(spool=spool, redactor=_redactor(settings), media=_media(settings))
    outbox = Outbox(destinations, options)
    try:
        return outbox.flush(timeout_s)
    finally:
        outbox.close(_AFTER_DRAIN_S)


def _serving(identity: str, settings: Settings, *, claim: bool) -> Destination | None:
    """The destination of that identity, if these settings lead to it."""
    name = identity.partition(":")[0]
    if name not in DESTINATIONS:
        return None
    destination = _named(name, settings, open_store(settings), None)
    if destination.identity == identity:
        return destination
    same_server = identity.rpartition("#")[0] == destination.identity.rpartition("#")[0] != ""
    return Claimed(destination, identity) if claim and same_server else None


class Claimed:
    """A destination that takes what was meant for another identity of the same server."""

    def __init__(self, destination: Destination, identity: str) -> None:
        self._destination = destination
        self._identity = identity

    @property
    def identity(self) -> str:
        """Whose records it takes."""
        return self._identity

    def deliver(self, records: Sequence[Record]) -> Receipt:
        """One attempt to hand over records."""
        return self._destination.deliver(records)

    def close(self) -> None:
        """Let go of connections."""
        self._destination.close()


def open_store(settings: Settings) -> "SqliteStore":
    """The embedded store of these settings; its file is opened when it is used."""
    # Here and not at the top: only a program that records needs the store and its database driver.
    from spanscore.store import SqliteStore  # noqa: PLC0415

    return SqliteStore(settings.home / STORE_FILE, attachments=open_attachments(settings).folder)


def open_datasets(settings: Settings) -> Datasets:
    """The datasets of Braintrust if spans go there, else those of the embedded store; records nothing."""
    # What a record refers to is kept where its dataset is looked for, whatever was in force before.
    KEEPING.folder = open_attachments(settings)
    if "braintrust" not in chosen_destinations(settings):
        return open_store(settings).datasets
    # Here and not at the top: they bring an HTTP client.
    from spanscore.client import RestClient  # noqa: PLC0415
    from spanscore.client.remote_datasets import RemoteDatasets  # noqa: PLC0415
    from spanscore.delivery._direct_upload import DirectUpload  # noqa: PLC0415

    upload = DirectUpload(settings, open_attachments(settings))
    return RemoteDatasets(RestClient(settings), upload.hand_over)


def open_spool(settings: Settings) -> Spool:
    """The spool of these settings; its folder is made when something is written."""
    folder = settings.home / SPOOL_FOLDER
    return Spool(folder, max_bytes=settings.spool_max_bytes, max_age_s=settings.spool_max_age_s)


def open_attachments(settings: Settings) -> AttachmentFolder:
    """Where the bytes of attachments wait, within the bounds of the spool; made when something is written."""
    folder = settings.home / SPOOL_FOLDER / FOLDER
    return AttachmentFolder(folder, max_bytes=settings.spool_max_bytes, max_age_s=settings.spool_max_age_s)


def _media(settings: Settings) -> Media | None:
    return Media(open_attachments(settings)) if settings.convert_media else None


def _redactor(settings: Settings) -> Redactor | None:
    return Redactor() if settings.redact else None


def _bring_in(settings: Settings) -> None:
    """Wait until the embedded store has what ended processes have left for it.

    Another sender may be at it already, of this process or another one. Raises DeliveryError if that comes to
    a standstill.
    """
    left, since = _left_behind(settings), time.monotonic()
    while left:
        drain(settings, timeout_s=_STANDSTILL_S)
        before, left = left, _left_behind(settings)
        if left < before:
            since = time.monotonic()
        elif time.monotonic() - since > _STANDSTILL_S:
            raise DeliveryError(
                f"{left:,} spans of ended programs are not stored, and nobody stores them; "
                "see `spanscore doctor` for the reason"
            )
        elif left:
            time.sleep(_LOOK_S)


def _left_behind(settings: Settings) -> int:
    """How many records of ended processes wait for the embedded store."""
    backlogs = inspect(open_spool(settings)).backlogs
    return sum(backlog.of_dead for backlog in backlogs if backlog.identity == LOCAL)


class _LocalExperiments:
    """The embedded store as backend, and before it the account that experiments are to be registered with.

    It has the rows of all experiments. Those of an experiment that is registered elsewhere go there, too;
    those of others go nowhere else.
    """

    def __init__(
        self, settings: Settings, store: "SqliteStore", outbox: Outbox, account: Account | None
    ) -> None:
        self._settings = settings
        self._store = store
        self._outbox = outbox
        self._account = account
        self._not_compared: set[str] = set()

    def register_experiment(self, request: ExperimentRequest) -> ExperimentRef:
        """A new experiment, in the account first if there is one, under whose id it is known here too."""
        told = with_repository(request)
        redactor = _redactor(self._settings)
        if redactor is not None:
            told = without_secrets(told, redactor)
        is_given = request.repo_info is not None
        made = None if self._account is None else self._account.register(told, is_repo_given=is_given)
        if made is None:
            experiment = self._store.register_experiment(told)
            self._outbox.keep_local(_parent_of(experiment), self._store)
            return experiment
        named = replace(told, id=made.id, name=made.name, project=made.project, project_id=made.project_id)
        self._kept(named)
        self._outbox.keep_also_local(_parent_of(made), self._store)
        return made

    def _kept(self, request: ExperimentRequest) -> None:
        """Have the store know it; a baseline that only the account has is none here."""
        try:
            self._store.register_experiment(request)
        except NotFoundError:
            self._store.register_experiment(replace(request, baseline=None))

    def summarize_experiment(self, experiment_id: str, *, baseline: str | None) -> ExperimentSummary:
        """The store's figures, with the page of the experiment if it is registered elsewhere."""
        summary = self._figures(experiment_id, baseline)
        page = None if self._account is None else self._account.permalink(experiment_id)
        return summary if page is None else replace(summary, experiment_url=page)

    def _figures(self, experiment_id: str, baseline: str | None) -> ExperimentSummary:
        try:
            return self._store.summarize_experiment(experiment_id, baseline=baseline)
        except NotFoundError as error:
            if self._account is None or baseline is None or not self._store.has_experiment(experiment_id):
                raise
            # It may have been run elsewhere: only the account can compare with it then.
            if experiment_id not in self._not_compared:
                self._not_compared.add(experiment_id)
                text = "no comparison with %r here, which the account may have: see the experiment's page; %s"
                _logger.warning(text, baseline, error)
            return self._store.summarize_experiment(experiment_id, baseline=None)

    def cases_of(self, experiment_id: str) -> Iterator[ExperimentCase]:
        """Finished cases of an experiment, from the store if it has it, else from the account."""
        if self._account is not None and not self._store.has_experiment(experiment_id):
            return self._account.cases(experiment_id)
        return self._store.cases_of(experiment_id)

    def base_experiment(self, experiment_id: str, name: str | None = None) -> ExperimentRef | None:
        """The experiment of that name in the same project, else the baseline, which the account may know."""
        try:
            found = self._store.base_experiment(experiment_id, name)
            return self._account.baseline(experiment_id) if found is None and self._account else found
        except NotFoundError:
            if self._account is None or name is None or not self._store.has_experiment(experiment_id):
                raise
            project_id = self._store.find_experiment(experiment_id).project_id
            return self._account.open_experiment(name, project=None, project_id=project_id)

    def open_experiment(self, name: str, *, project: str | None, project_id: str | None) -> ExperimentRef:
        """The experiment of that name, as the account has it if there is one, else the store."""
        if self._account is not None:
            return self._account.open_experiment(name, project=project, project_id=project_id)
        _bring_in(self._settings)
        return self._store.find_experiment(name, project=project_id or project)

    def experiment_rows(self, experiment_id: str, *, portion: int) -> Iterator[dict[str, Any]]:
        """Every row, from the store if it has the experiment, else from the account."""
        if self._account is not None and not self._store.has_experiment(experiment_id):
            return self._account.rows(experiment_id, portion=portion)
        parent = Parent(ParentKind.EXPERIMENT_ID, experiment_id)
        return (row.as_dict() for row in self._store.rows(parent))

    def open_project(self, name: str | None, project_id: str | None) -> Project:
        """The project of the account, if there is one, else of the store."""
        if self._account is not None:
            return self._account.open_project(name, project_id)
        return self._store.open_project(name, project_id)

    def organisation_id(self) -> str | None:
        """The organisation of the account."""
        return None if self._account is None else self._account.registration.organisation.id

    @property
    def datasets(self) -> Datasets:
        """The datasets of Braintrust if spans go there, else those of the store."""
        return open_datasets(self._settings)

    def permalink(self, experiment: ExperimentRef) -> str:
        """The page of an experiment that is registered elsewhere; the command that shows it otherwise."""
        page = None if self._account is None else self._account.permalink(experiment.id)
        return page or self._store.permalink(experiment)

    def regressions(self, experiment_id: str, baseline_id: str, *, limit: int) -> Sequence[Regression]:
        """Inputs of which a score fell, as the store has them."""
        return self._store.regressions(experiment_id, baseline_id, limit=limit)

    def find_experiment(self, reference: str, *, project: str | None = None) -> ExperimentRef:
        """The experiment of that id, prefix of an id, name, or PROJECT/NAME."""
        return self._store.find_experiment(reference, project=project)

    def mark_partial(self, experiment_id: str, reason: str | None) -> None:
        """Take note in the store."""
        self._store.mark_partial(experiment_id, reason)

    def row_of(self, span: ReadableSpan) -> Row:
        """The row that the store makes of a finished span."""
        return self._store.row_of(span)

    def finished_trials(self, experiment_id: str) -> Iterator[FinishedTrial]:
        """The trials that are finished, those included whose spans a killed process has left in the spool."""
        _bring_in(self._settings)
        return self._store.finished_trials(experiment_id)

    def finished_traces(self, experiment_id: str) -> Iterator[Sequence[Row]]:
        """The rows of the trials that are finished."""
        _bring_in(self._settings)
        return self._store.finished_traces(experiment_id)

    def trace(self, reference: str) -> Sequence[Row]:
        """The rows of one trace."""
        return self._store.trace(reference)


def _parent_of(experiment: ExperimentRef) -> str:
    return str(Parent(ParentKind.EXPERIMENT_ID, experiment.id))


def _named(
    name: str, settings: Settings, store: Destination, headers: Mapping[str, str] | None
) -> Destination:
    if name == "local":
        return store
    # Here and not at the top: these bring an HTTP client, which a program without them need not load.
    if name == "otlp":
        from spanscore.delivery._otlp import OtlpDestination  # noqa: PLC0415

        return OtlpDestination()
    from spanscore.delivery._braintrust import BraintrustDestination  # noqa: PLC0415

    destination = BraintrustDestination(
        settings, headers=headers, attachments=open_attachments(settings), ledger=open_spool(settings).ledger
    )
    # With the key of now and no other: what waits is never sent to another account.
    return destination.for_identity(destination.identity)
