"""What settings lead to: destinations, and the folders and files of this machine."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from spanscore._config import Settings
from spanscore.attachments import KEEPING, AttachmentFolder
from spanscore.delivery import Spool
from spanscore.delivery._media import Media
from spanscore.delivery._redaction import Redactor
from spanscore.wire.attachments import FOLDER
from spanscore.wire.seams import Datasets, Destination

if TYPE_CHECKING:
    from spanscore.store import SqliteStore

STORE_FILE = "spanscore.db"
SPOOL_FOLDER = "spool"


def chosen_destinations(settings: Settings) -> tuple[str, ...]:
    """The names of the destinations that these settings lead to."""
    if settings.destinations is not None:
        return settings.destinations
    return ("braintrust",) if settings.find_api_key() else ("local",)


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


def media_of(settings: Settings) -> Media | None:
    return Media(open_attachments(settings)) if settings.convert_media else None


def redactor_of(settings: Settings) -> Redactor | None:
    return Redactor() if settings.redact else None


def named_destination(
    name: str, settings: Settings, store: "SqliteStore", headers: Mapping[str, str] | None
) -> Destination:
    if name == "local":
        return store
    # Here and not at the top: these bring an HTTP client, which a program without them need not load.
    if name == "otlp":
        from spanscore.delivery._otlp import OtlpDestination  # noqa: PLC0415

        return OtlpDestination()
    from spanscore.delivery._braintrust import BraintrustDestination  # noqa: PLC0415

    destination = BraintrustDestination(
        settings,
        headers=headers,
        attachments=open_attachments(settings),
        ledger=open_spool(settings).ledger,
        row_of=store.row_of,
    )
    # With the key of now and no other: what waits is never sent to another account.
    return destination.for_identity(destination.identity)
