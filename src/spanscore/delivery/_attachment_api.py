"""Braintrust's interface for the bytes of attachments: three steps to hand them over, two to get them."""

import os
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, cast
from urllib.parse import urlencode, urlsplit

from spanscore._config import Settings
from spanscore._http.answers import Answer
from spanscore._http.sender import HttpSender
from spanscore._http.settings import HttpSettings
from spanscore._json import from_json, to_json
from spanscore.errors import DeliveryError, NotFoundError, RejectedError, RetryLaterError
from spanscore.wire.attachments import ATTACHMENT, Reference
from spanscore.wire.login import LOGIN_PATH, chosen, organisations

_TIMEOUT_S: Final = 30.0
_AZURE: Final = ("blob.core.windows.net", "blob.core.usgovcloudapi.net", "blob.core.chinacloudapi.cn")
_MESSAGE: Final = 500
_PASSING: Final = frozenset({408, 425, 429})


class AttachmentApi:
    """The requests, each tried once; what they raise says whether another attempt can help.

    Raises RetryLaterError for what passes, RejectedError for what does not. Threads may share one: each has
    connections of its own.
    """

    def __init__(self, settings: Settings, *, headers: Mapping[str, str] | None = None) -> None:
        self._settings = settings
        self._api_url = settings.api_url.strip().rstrip("/")
        self._app_url = settings.app_url.strip().rstrip("/")
        extra = {key.lower(): value for key, value in (headers or {}).items()}
        self._headers = {**extra, "content-type": "application/json"}
        self._local = threading.local()
        self._organisation: tuple[str, str] | None = None
        self._asking = threading.Lock()
        self._process = os.getpid()

    def __enter__(self) -> "AttachmentApi":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def log_in(self, key: str) -> None:
        """Know the organisation of a key; `upload` needs it."""
        self._org_id(key)

    def upload(self, reference: Reference, path: Path, key: str) -> None:
        """Hand over the bytes in a file; `key` is the account's. When it returns they are there."""
        found = self._post("/attachment", {**_named(reference), "org_id": self._org_id(key)}, key)
        url, headers = found.get("signedUrl"), found.get("headers")
        if not isinstance(url, str) or not url:
            raise RejectedError(f"{self._api_url}/attachment named no address to send the bytes to")
        with path.open("rb") as file:
            self._put(url, cast("Mapping[str, Any]", headers) if isinstance(headers, dict) else {}, file)
        self._tell(reference, {"upload_status": "done"}, key)

    def fail(self, reference: Reference, why: str, key: str) -> None:
        """Say that the bytes will never come."""
        self._tell(reference, {"upload_status": "error", "error_message": why[:_MESSAGE]}, key)

    def metadata(self, reference: Mapping[str, Any]) -> dict[str, Any]:
        """Where the bytes of a reference can be had for a while, and how far their upload is."""
        key = self._settings.require_api_key()
        name = "key" if reference.get("type") == ATTACHMENT else "url"
        asked = {each: str(reference.get(each, "")) for each in (name, "filename", "content_type")}
        query = urlencode({**asked, "org_id": self._org_id(key)})
        found = self._asked("GET", f"{self._api_url}/attachment?{query}", key)
        if not isinstance(found.get("downloadUrl"), str) or not isinstance(found.get("status"), dict):
            raise RejectedError(f"{self._api_url}/attachment said nothing of {reference.get(name)!r}")
        return found

    def download(self, reference: Mapping[str, Any]) -> bytes:
        """The bytes of a reference. Raises NotFoundError while they are not there."""
        found = self.metadata(reference)
        status = found["status"].get("upload_status")
        if reference.get("type") == ATTACHMENT and status != "done":
            why = found["status"].get("error_message") or "try again later"
            raise NotFoundError(f"the bytes of {reference.get('key')!r} are not there ({status}): {why}")
        return self._storage.send("GET", url=found["downloadUrl"], most=None, judge=_error_of).body

    def close(self) -> None:
        """Close this thread's connections."""
        for sender in (self._api, self._storage):
            sender.close()

    def _org_id(self, key: str) -> str:
        """The organisation of a key; asked once, whoever else wants to know it meanwhile."""
        if self._process != os.getpid():
            # A thread that the forked child does not have may hold it.
            self._asking, self._process = threading.Lock(), os.getpid()
        with self._asking:
            if self._organisation is None or self._organisation[0] != key:
                self._organisation = key, self._asked_org_id(key)
            return self._organisation[1]

    def _asked_org_id(self, key: str) -> str:
        url = self._app_url + LOGIN_PATH
        found = chosen(organisations(self._asked("POST", url, key)), self._settings.org_name)
        if found is not None:
            return found.id
        wanted = "" if self._settings.org_name is None else f" called {self._settings.org_name!r}"
        raise RejectedError(f"{url} knows no organisation{wanted} of this key; set BRAINTRUST_ORG_NAME")

    def _post(self, path: str, body: Mapping[str, Any], key: str) -> dict[str, Any]:
        return self._asked("POST", f"{self._api_url}{path}", key, to_json(body, redact=False).encode())

    def _asked(self, method: str, url: str, key: str, body: bytes = b"") -> dict[str, Any]:
        headers = {"authorization": f"Bearer {key}"}
        answer = self._api.send(method, body, url=url, headers=headers, judge=_error_of)
        try:
            value: Any = from_json(answer.content or b"{}")
        except ValueError:
            return {}
        return cast("dict[str, Any]", value) if isinstance(value, dict) else {}

    def _tell(self, reference: Reference, status: Mapping[str, str], key: str) -> None:
        body = {"key": reference.key, "org_id": self._org_id(key), "status": status}
        self._post("/attachment/status", body, key)

    def _put(self, url: str, given: Mapping[str, Any], file: IO[bytes]) -> None:
        headers = {str(name): str(value) for name, value in given.items()}
        if (urlsplit(url).hostname or "").endswith(_AZURE) and "x-ms-blob-type" not in map(
            str.lower, headers
        ):
            headers["x-ms-blob-type"] = "BlockBlob"
        # A file without bytes would be sent in chunks, which storage does not take.
        body = file if os.fstat(file.fileno()).st_size else b""
        self._storage.send("PUT", body, url=url, headers=headers, judge=_error_of)

    @property
    def _api(self) -> HttpSender:
        return self._sender(
            "api", HttpSettings(endpoint=self._api_url, headers=self._headers, timeout_s=_TIMEOUT_S)
        )

    @property
    def _storage(self) -> HttpSender:
        """For addresses that are signed: they get nothing of ours."""
        return self._sender("storage", HttpSettings(endpoint="", timeout_s=_TIMEOUT_S))

    def _sender(self, name: str, settings: HttpSettings) -> HttpSender:
        known: HttpSender | None = getattr(self._local, name, None)
        if known is None:
            known = HttpSender(settings)
            setattr(self._local, name, known)
        return known


def _error_of(answer: Answer, asked: str) -> DeliveryError:
    """Only what passes is worth another attempt: a server in trouble, or one that is asked too much."""
    said = f"{asked} answered {answer.status}" + (f": {answer.excerpt}" if answer.excerpt else "")
    passes = answer.status >= 500 or answer.status in _PASSING
    return RetryLaterError(said) if passes else RejectedError(said)


def _named(reference: Reference) -> dict[str, str]:
    return {"key": reference.key, "filename": reference.filename, "content_type": reference.content_type}
