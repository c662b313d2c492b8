"""Destinations and backend, chosen from settings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from opentelemetry.sdk.trace.export import SpanExporter

from spanscore._account import Account
from spanscore._config import Settings
from spanscore._connect._experiments import Experiments
from spanscore._connect._opened import (
    chosen_destinations,
    media_of,
    named_destination,
    open_attachments,
    open_spool,
    open_store,
    redactor_of,
)
from spanscore._json._media import MEDIA
from spanscore.attachments import KEEPING, find_media
from spanscore.delivery import Outbox, OutboxOptions, TailSampling
from spanscore.wire.seams import Backend


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
    placed: Callable[[str], None] | None = None,
) -> Connection:
    """Destinations as the settings and `exporters` say, and the embedded store as backend. Opens nothing yet.

    Without any it is Braintrust if a key is found, else the embedded store. `headers` go with each request to
    Braintrust. `placed` is told of the container of each experiment that is registered.
    """
    store = open_store(settings)
    names = settings.destinations
    if names is None:
        names = () if exporters else chosen_destinations(settings)
    destinations = [named_destination(name, settings, store, headers) for name in names]
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
        redactor=redactor_of(settings),
        redact_at=settings.redact_at,
        tail=tail,
        media=media_of(settings),
    )
    outbox = Outbox(destinations, options)
    account = Account(settings) if "braintrust" in names else None
    backend = Experiments(settings, store, outbox, account, placed)
    return Connection(settings=settings, outbox=outbox, backend=backend, account=account)


def without_account(connection: Connection) -> Connection:
    """The same way for experiments that no account is told of: the embedded store alone has them."""
    settings = connection.settings
    backend = Experiments(settings, open_store(settings), connection.outbox, None)
    return replace(connection, backend=backend, account=None)
