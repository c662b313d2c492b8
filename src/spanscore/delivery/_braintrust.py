"""Braintrust as destination: spans over OTLP, updates of rows through its merge API."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from opentelemetry.sdk.trace import ReadableSpan

from spanscore._config import Settings
from spanscore._http.sender import HttpSender, address
from spanscore._http.settings import HttpSettings
from spanscore.attachments import AttachmentFolder
from spanscore.delivery._attachment_api import AttachmentApi
from spanscore.delivery._braintrust_projects import Projects
from spanscore.delivery._given_rows import encode_whole_row, given_row_id
from spanscore.delivery._ledger import Ledger
from spanscore.delivery._otlp_posts import CONTENT_TYPE, Refusal, post_spans
from spanscore.delivery._row_merge import container_of, encode_merge, in_bodies, key_of
from spanscore.delivery._uploads import Uploads
from spanscore.errors import ConfigError, ParentError, UnauthorizedError
from spanscore.wire.attributes import PARENT
from spanscore.wire.parent import Parent, ParentKind
from spanscore.wire.records import Record, RowUpdate
from spanscore.wire.rows import Row
from spanscore.wire.seams import Receipt

_TIMEOUT_S: Final = 30.0
_DIGITS: Final = 16
_PLACES: Final = "the key is that of setup(api_key=…), BRAINTRUST_API_KEY or .env.braintrust"


class BraintrustDestination:
    """Posts to `settings.api_url` with the key that is found at that moment.

    `headers` are sent along. With `digest`, the first 16 hexadecimal digits of a key's SHA-256, it sends with
    that key only and refuses any other. `attachments` is where the bytes are that records refer to; those
    that are never taken are counted in `ledger`. `row_of` makes rows of the spans whose rows a program has
    named itself; without it these are posted like others, and their rows have the ids of the spans.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        headers: Mapping[str, str] | None = None,
        digest: str | None = None,
        attachments: AttachmentFolder | None = None,
        ledger: Ledger | None = None,
        row_of: Callable[[ReadableSpan], Row] | None = None,
    ) -> None:
        self._settings = settings
        self._row_of = row_of
        self._attachments = attachments
        self._ledger = ledger
        self._posted: tuple[Sequence[Record], Refusal] | None = None
        self._headers = dict(headers or {})
        self._digest = digest
        self._api_url = settings.api_url.strip().rstrip("/")
        extra = {key.lower(): value for key, value in self._headers.items()}
        self._traces = HttpSender(
            HttpSettings(
                endpoint=f"{self._api_url}/otel/v1/traces",
                headers={**extra, "content-type": CONTENT_TYPE},
                timeout_s=_TIMEOUT_S,
                compression="gzip",
            )
        )
        self._rows = HttpSender(
            HttpSettings(
                endpoint=f"{self._api_url}/logs3",
                headers={**extra, "content-type": "application/json"},
                timeout_s=_TIMEOUT_S,
            )
        )
        self._uploads = None if attachments is None else self._uploads_of(attachments, extra)
        self._projects = Projects(self._rows, self._api_url, settings.org_name)

    @property
    def identity(self) -> str:
        """The service and a digest of the key: the one that was asked for, else that of the key of now."""
        key = self._settings.find_api_key() if self._digest is None else None
        return self._prefix + (_digest(key) if key else self._digest or "")

    @property
    def _prefix(self) -> str:
        has_credentials = "@" in self._api_url or "?" in self._api_url
        return f"braintrust:{address(self._api_url) if has_credentials else self._api_url}#"

    def for_identity(self, identity: str) -> "BraintrustDestination":
        """The same destination for the records of one identity: it never sends them with another key.

        Records made while there was no key belong to whoever gives the first one. Raises ConfigError if the
        identity is that of another service.
        """
        if not identity.startswith(self._prefix):
            raise ConfigError(f"{identity} is not served here; set BRAINTRUST_API_URL to its address")
        digest = identity[len(self._prefix) :]
        return BraintrustDestination(
            self._settings,
            headers=self._headers,
            digest=digest,
            attachments=self._attachments,
            ledger=self._ledger,
            row_of=self._row_of,
        )

    def deliver(self, records: Sequence[Record]) -> Receipt:
        """Post spans by container, then rows and updates in their order, then the bytes that they refer to.

        While bytes are to be tried again the same records come again, and are not posted twice.
        """
        key = self._key()
        if self._posted is None or self._posted[0] is not records:
            self._posted = records, self._post(records, {"authorization": f"Bearer {key}"})
        if self._uploads is not None:
            self._uploads.deliver(records, key)
        (_, refused), self._posted = self._posted, None
        return Receipt(rejected=refused.spans, message=refused.message)

    def _post(self, records: Sequence[Record], key: Mapping[str, str]) -> Refusal:
        try:
            return self._post_spans(records, key).plus(self._post_rows(records, key))
        except UnauthorizedError as error:
            raise UnauthorizedError(f"{error}; {_PLACES}") from None

    def _uploads_of(self, attachments: AttachmentFolder, headers: Mapping[str, str]) -> Uploads:
        api = AttachmentApi(self._settings, headers=headers)
        return Uploads(api, attachments, on_failure=self._count_failure)

    def _count_failure(self) -> None:
        if self._ledger is not None:
            self._ledger.add(self.identity, "attachment_failed", 1)
            self._ledger.write()

    def close(self) -> None:
        """Close the connections; a later `deliver` opens new ones."""
        self._traces.close()
        self._rows.close()
        if self._uploads is not None:
            self._uploads.close()

    def _key(self) -> str:
        key = self._settings.require_api_key().strip()
        if not (key.isascii() and key.isprintable()):
            raise UnauthorizedError(f"the Braintrust key has characters that no request can carry; {_PLACES}")
        if self._digest and _digest(key) != self._digest:
            raise UnauthorizedError(
                f"spans are waiting for the Braintrust key of digest {self._digest}, the one found has "
                f"{_digest(key)}; they are never sent to another account; {_PLACES}"
            )
        return key

    def _post_spans(self, records: Sequence[Record], key: Mapping[str, str]) -> Refusal:
        groups: dict[str, list[ReadableSpan]] = {}
        for record in records:
            if isinstance(record, ReadableSpan) and not self._is_named(record):
                groups.setdefault(self._parent_of(record), []).append(record)
        total = Refusal()
        for parent, spans in groups.items():
            headers = {**key, "x-bt-parent": self._as_header(parent, key)}
            total = total.plus(post_spans(self._traces, spans, headers))
        return total

    def _is_named(self, record: ReadableSpan) -> bool:
        return self._row_of is not None and given_row_id(record) is not None

    def _post_rows(self, records: Sequence[Record], key: Mapping[str, str]) -> Refusal:
        """Post updates, and spans as rows of the ids that the program has given them, in their order.

        Such a row replaces what is there, with all that was told of it before.
        """
        wrong: list[str] = []
        for body in in_bodies(self._encoded(records, key, wrong)):
            self._rows.post(body, headers=key)
        return Refusal(len(wrong), f"no container is called {wrong[0]!r}") if wrong else Refusal()

    def _encoded(
        self, records: Sequence[Record], key: Mapping[str, str], wrong: list[str]
    ) -> Iterator[tuple[tuple[object, ...], bytes]]:
        """Rows with their keys; to `wrong` comes each parent that is none."""
        for record in records:
            is_update = isinstance(record, RowUpdate)
            if not is_update and not self._is_named(record):
                continue
            parent = (record.parent or self._settings.parent) if is_update else self._parent_of(record)
            container = self._container(parent, key)
            if container is None:
                wrong.append(parent)
            elif is_update:
                yield from encode_merge(record, container)
            elif self._row_of is not None:
                row = self._row_of(record)
                yield key_of(row.given_id, container), encode_whole_row(row, container)

    def _container(self, text: str, key: Mapping[str, str]) -> Mapping[str, str] | None:
        """The columns that name a container; None for what is none."""
        parent = _parsed(text)
        if parent is not None and parent.kind is ParentKind.PROJECT_NAME:
            parent = Parent(ParentKind.PROJECT_ID, self._projects.id_of(parent.value, key))
        return None if parent is None else container_of(parent)

    def _parent_of(self, span: ReadableSpan) -> str:
        attributes: Mapping[str, Any] = span.attributes or {}
        parent = attributes.get(PARENT)
        return parent if isinstance(parent, str) and parent else self._settings.parent

    def _as_header(self, parent: str, key: Mapping[str, str]) -> str:
        """The parent in characters that a header carries: a project of another name is named by its id."""
        if parent.isascii() and parent.isprintable() and parent == parent.strip():
            return parent
        name = parent.removeprefix(f"{ParentKind.PROJECT_NAME.value}:")
        if name == parent:
            return parent.encode("ascii", "backslashreplace").decode().strip()
        return f"{ParentKind.PROJECT_ID.value}:{self._projects.id_of(name, key)}"


def _parsed(parent: str) -> Parent | None:
    try:
        return Parent.parse(parent)
    except ParentError:
        return None


def _digest(key: str) -> str:
    return hashlib.sha256(key.strip().encode("utf-8", "backslashreplace")).hexdigest()[:_DIGITS]
