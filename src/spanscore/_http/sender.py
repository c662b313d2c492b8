"""One attempt to post bytes over HTTP, through a session of ours."""

import os
import zlib
from collections.abc import Callable, Iterable, Mapping
from http.client import HTTPException
from time import monotonic
from typing import IO, TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from requests import PreparedRequest, RequestException, Response, Session
from urllib3.exceptions import HTTPError

from spanscore._http.adapter import ADAPTER
from spanscore._http.answers import MAX_BODY, Answer, error_of
from spanscore._http.settings import HttpSettings
from spanscore.errors import RetryLaterError, SpanscoreError

if TYPE_CHECKING:
    from requests.adapters import BaseAdapter

_PIECE: Final = 4096
_SMALL_PIECE: Final = 32
_WBITS: Final = {"gzip": 31, "deflate": 15}
_HIDDEN: Final = "[hidden]"
_PUBLIC: Final = frozenset({"user-agent", "accept", "content-type", "content-encoding", "x-bt-parent"})
_LEAST_SECRET: Final = 6
_SCHEMES: Final = frozenset({"Bearer", "Basic", "Digest"})
_ADDRESSES: Final = ("https://", "http://")


class HttpSender:
    """Posts bodies to one server; a forked process gets connections of its own.

    Redirects are not followed, at most 64 KiB of an answer are read, and nothing is tried twice: that is the
    caller's, as is `timeout_s`, which may be changed from one request to the next.
    """

    def __init__(self, settings: HttpSettings) -> None:
        self.timeout_s = settings.timeout_s
        self._settings = settings
        self._session: Session | None = None
        self._process = os.getpid()
        self._adapter: BaseAdapter | None = None

    def post(
        self, body: bytes, *, url: str | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """The answer to one request, with `headers` laid over those of the settings.

        Raises RetryLaterError, TooLargeError, RejectedError or UnauthorizedError; the message has the address
        without credentials, the status and the beginning of the body, and never the value of a header.
        """
        return self.send("POST", body, url=url, headers=headers)

    def send(
        self,
        method: str,
        body: bytes | IO[bytes] = b"",
        *,
        url: str | None = None,
        headers: Mapping[str, str] | None = None,
        most: int | None = MAX_BODY,
        judge: Callable[[Answer, str], SpanscoreError] = error_of,
    ) -> Answer:
        """The same for any method, and for a file as body, which is read as it is sent.

        `most` is how much of the answer is read; None reads all. `judge` says which error an answer other
        than 2xx is, of the address as messages show it.
        """
        target = url or self._settings.endpoint
        sent = {key.lower(): value for key, value in {**self._settings.headers, **(headers or {})}.items()}
        shown = address(target)
        try:
            packed = self._packed(body, sent) if isinstance(body, bytes) else body
            answer = self._attempt(method, target, packed, sent, most)
            error = None if answer.is_success else judge(answer, shown)
        except (RequestException, HTTPError, HTTPException, OSError, ValueError) as failure:
            # Before there is an answer nothing is known about the records: they are kept, whatever it was.
            answer, error = None, RetryLaterError(f"{shown} cannot be reached: {_cause(failure)}")
        if answer is None or error is not None:
            raise without(error or RetryLaterError(shown), secrets_of(target, sent.items()))
        return answer

    def close(self) -> None:
        """Close the connections; the next `post` opens new ones."""
        session, self._session = self._session, None
        if session is not None:
            session.close()

    def _packed(self, body: bytes, headers: dict[str, str]) -> bytes:
        coding = self._settings.compression
        if coding is None:
            return body
        headers["content-encoding"] = coding
        # The lowest level: half the time of the usual one, for a few per cent of the size.
        packer = zlib.compressobj(1, wbits=_WBITS[coding])
        return packer.compress(body) + packer.flush()

    def _attempt(
        self, method: str, url: str, body: bytes | IO[bytes], headers: Mapping[str, str], most: int | None
    ) -> Answer:
        wait = self.timeout_s
        deadline = monotonic() + 2 * wait
        # A password of ~/.netrc may do for a post that has no key; an address that is signed gets nothing.
        is_complete = method != "POST" or "authorization" in headers
        with self._own_session().request(
            method,
            url,
            data=body,
            # What is packed is unpacked by us, to a size that is known before.
            headers={**headers, "accept-encoding": "identity"},
            auth=_as_it_is if is_complete else None,
            timeout=(wait, wait),
            # Given with the request: a session's own give way to REQUESTS_CA_BUNDLE.
            verify=self._settings.verify,
            cert=self._settings.cert,
            allow_redirects=False,
            stream=True,
        ) as response:
            answered = {key.lower(): value for key, value in response.headers.items()}
            if most is None and response.ok:
                return Answer(response.status_code, answered, _whole(response))
            return Answer(response.status_code, answered, _beginning(response, deadline))

    def _own_session(self) -> Session:
        is_own = self._process == os.getpid() and self._adapter is ADAPTER.chosen
        if self._session is None or not is_own:
            # A connection shared with the process that forked this one would mix both requests.
            self._session = Session()
            self._process = os.getpid()
            self._adapter = ADAPTER.chosen
            if self._adapter is not None:
                for beginning in _ADDRESSES:
                    self._session.mount(beginning, self._adapter)
        return self._session


def address(url: str) -> str:
    """The address as messages show it: without user, password, query and fragment."""
    try:
        parts = urlsplit(url)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        port = "" if parts.port is None else f":{parts.port}"
        return f"{parts.scheme}://{host}{port}{parts.path}" if host else parts.path
    except ValueError:
        return "the endpoint, which is no address,"


def secrets_of(url: str, headers: Iterable[tuple[str, str]]) -> list[str]:
    """What no message may have, the longest first: values of headers and the credentials of an address."""
    values = [value for key, value in headers if key not in _PUBLIC]
    user, at, _ = url.partition("//")[2].partition("/")[0].rpartition("@")
    query = url.partition("?")[2]
    values += [user, *user.split(":")] if at else []
    values += [query, *(pair.partition("=")[2] for pair in query.split("&"))]
    words = {word for value in values for word in (value, value.strip(), *value.split())} - _SCHEMES
    return sorted((word for word in words if len(word) >= _LEAST_SECRET), key=len, reverse=True)


def without(error: SpanscoreError, secrets: Iterable[str]) -> SpanscoreError:
    """The error, its message without any of the secrets."""
    message = str(error)
    for secret in secrets:
        message = _hidden(message, secret)
    error.args = (message,)
    return error


def _hidden(message: str, secret: str) -> str:
    """The message without the secret, and without as much of it as a server or a limit has left of it."""
    at = message.find(secret[:_LEAST_SECRET])
    while at >= 0:
        length = _common_length(message[at:], secret)
        message = message[:at] + _HIDDEN + message[at + length :]
        at = message.find(secret[:_LEAST_SECRET], at + len(_HIDDEN))
    return message


def _common_length(text: str, other: str) -> int:
    pairs = enumerate(zip(text, other, strict=False))
    return next((index for index, (one, two) in pairs if one != two), min(len(text), len(other)))


def _beginning(response: Response, deadline: float) -> bytes:
    """The first bytes of the body as they came; what cannot be read any more is left out.

    The status is known by then, and it decides.
    """
    raw: Any = response.raw
    read: Callable[..., bytes] = getattr(raw, "read1", raw.read)
    # urllib3 before 2 has no `read1`: it waits for a piece to be whole, however slowly it comes.
    most = _PIECE if hasattr(raw, "read1") else _SMALL_PIECE
    body = bytearray()
    try:
        while len(body) < MAX_BODY and monotonic() < deadline:
            piece = read(min(most, MAX_BODY - len(body)), decode_content=False)
            if not piece:
                break
            body += piece
    except (HTTPError, HTTPException, OSError, ValueError):
        return bytes(body)
    return bytes(body)


def _whole(response: Response) -> bytes:
    """The body. Raises OSError if it ends before its end."""
    body: bytes = response.raw.read(decode_content=False)
    told = response.headers.get("content-length", "")
    if told.isdigit() and int(told) != len(body):
        raise OSError(f"the answer ended after {len(body):,} of {int(told):,} bytes")
    return body


def _as_it_is(request: PreparedRequest) -> PreparedRequest:
    """No authentication of the library's own, which would put a password of ~/.netrc in place of the key."""
    return request


def _cause(error: BaseException) -> str:
    """What is at the bottom of an error that wraps others, such as "Connection refused"."""
    for _ in range(10):
        inner: object = getattr(error, "reason", None) or next(iter(error.args), None)
        if not isinstance(inner, BaseException):
            break
        error = inner
    return f"{type(error).__name__}: {error}"
