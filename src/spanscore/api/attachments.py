"""`ReadonlyAttachment`: the bytes behind a reference that stands in a row."""

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from spanscore._config import Settings
from spanscore.api._recording import connection_in_force
from spanscore.attachments import required
from spanscore.errors import NotFoundError
from spanscore.wire.attachments import ATTACHMENT, EXTERNAL, FOLDER, is_key, stored_at

if TYPE_CHECKING:
    from spanscore.delivery._attachment_api import AttachmentApi


class AttachmentMetadata(TypedDict, total=False):
    """What is known of an attachment: where it can be fetched for a while, and how far its upload is."""

    downloadUrl: str
    status: dict[str, Any]


class ReadonlyAttachment:
    """The file that a reference in a row stands for.

    `reference` is the object that stands there: `{"type": "braintrust_attachment", "key": …}`, or that of an
    `ExternalAttachment`. Its bytes are looked for in the embedded store of SPANSCORE_HOME, then asked of
    Braintrust's API, where a key is found. An address in a reference is never fetched by us: the API is asked
    for it. Raises TypeError or ValueError for what is no reference.

    >>> from spanscore import Attachment, ReadonlyAttachment, init_logger, start_span
    >>> logger = init_logger("support bot")
    >>> picture = Attachment(data=b"GIF89a", filename="dot.gif", content_type="image/gif")
    >>> with start_span("look", input=picture):
    ...     pass
    >>> ReadonlyAttachment(picture.reference).data
    b'GIF89a'
    """

    def __init__(self, reference: Mapping[str, Any]) -> None:
        if not isinstance(reference, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance] - users'
            raise TypeError(f"reference is {reference!r}; give the object that stands in the row")
        if reference.get("type") not in (ATTACHMENT, EXTERNAL):
            raise ValueError(
                f"reference is of the type {reference.get('type')!r}; give one whose type is "
                f"{ATTACHMENT!r} or {EXTERNAL!r}"
            )
        required("key" if reference["type"] == ATTACHMENT else "url", _name_of(reference), "that of the row")
        self.reference: dict[str, Any] = dict(reference)

    @property
    def data(self) -> bytes:
        """The bytes. Raises NotFoundError if nobody has them, DeliveryError if the API cannot be asked."""
        settings = _settings()
        path = self._path(settings)
        if path is not None:
            return path.read_bytes()
        with _api(settings, self.reference) as api:
            return api.download(self.reference)

    def metadata(self) -> AttachmentMetadata:
        """Where the bytes can be had for a while (`downloadUrl`), and the status of their upload.

        Raises as `data` does.
        """
        settings = _settings()
        path = self._path(settings)
        if path is not None:
            return {"downloadUrl": path.resolve().as_uri(), "status": {"upload_status": "done"}}
        with _api(settings, self.reference) as api:
            found = api.metadata(self.reference)
        return {"downloadUrl": found["downloadUrl"], "status": found["status"]}

    def status(self) -> dict[str, Any]:
        """How far the upload is: `{"upload_status": "done"}`, or "uploading", or "error" with a message."""
        return self.metadata().get("status", {})

    def recorded(self) -> dict[str, Any]:
        """What stands in a row in which it is logged again."""
        return self.reference

    def _path(self, settings: Settings) -> Path | None:
        """Where the embedded store or the spool has the bytes."""
        key = self.reference.get("key")
        if self.reference["type"] != ATTACHMENT or not isinstance(key, str) or not is_key(key):
            return None
        for path in (stored_at(settings.home / FOLDER, key), settings.home / "spool" / FOLDER / key):
            if path.is_file() and not path.is_symlink():
                return path
        return None

    def __str__(self) -> str:
        """The file as a data URL."""
        content_type = self.reference.get("content_type", "application/octet-stream")
        return f"data:{content_type};base64,{base64.b64encode(self.data).decode()}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.reference!r})"


def _name_of(reference: Mapping[str, Any]) -> Any:
    return reference.get("key" if reference["type"] == ATTACHMENT else "url")


def _settings() -> Settings:
    connection = connection_in_force()
    return Settings.from_env() if connection is None else connection.settings


def _api(settings: Settings, reference: Mapping[str, Any]) -> "AttachmentApi":
    if not settings.find_api_key():
        raise NotFoundError(
            f"{_name_of(reference)!r} is not in {settings.home}, and there is no Braintrust key to ask for "
            "it; set SPANSCORE_HOME to the folder where it was recorded, or BRAINTRUST_API_KEY"
        )
    # Here and not at the top: it brings an HTTP client.
    from spanscore.delivery._attachment_api import AttachmentApi  # noqa: PLC0415

    return AttachmentApi(settings)
