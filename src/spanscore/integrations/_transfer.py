"""A recorded client's call on its way over HTTP, while somebody listens or answers are kept."""

from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar, Token
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from spanscore import tracing
from spanscore.integrations._answers_scope import Keeping
from spanscore.integrations._call import Call
from spanscore.wire.http_attempts import HTTP_ATTEMPTS, HttpAttempt, limit_headers

if TYPE_CHECKING:
    from spanscore.integrations._answers_folder import Answer

_telling = tracing.quietly("telling of an attempt at a provider")
_looking = tracing.quietly("looking for a kept answer")
_keeping = tracing.quietly("keeping an answer")


class Transfer:
    """What the requests over HTTP of one call have to do with us; a context manager around the call.

    With `http_client` only those are meant that this client makes.
    """

    __slots__ = ("_call", "_http_client", "_is_over", "_keeping", "_keys", "_token")

    def __init__(self, call: Call | None, http_client: Any, keeping: Keeping | None) -> None:
        self._call = call
        self._http_client = http_client
        self._keeping = keeping
        self._keys: dict[str, str] = {}
        self._is_over = False
        self._token: Token[Transfer | None] | None = None

    def covers(self, http_client: Any) -> bool:
        """Whether a request of this client is one of the call; what a call leaves running makes no more."""
        return not self._is_over and (self._http_client is None or self._http_client is http_client)

    def __enter__(self) -> None:
        self._token = _TRANSFER.set(self)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._is_over = True
        # A coroutine that is thrown away may be closed in another context, which is not ours to change.
        if self._token is not None and _TRANSFER.get() is self:
            try:
                _TRANSFER.reset(self._token)
            except ValueError:
                _TRANSFER.set(None)

    def answered(self, host: str, status: int, headers: Iterable[tuple[str, str]]) -> None:
        """An attempt was answered: its head is there, its body is to come."""
        if self._call is not None:
            self._call.is_cached = False
        if HTTP_ATTEMPTS.is_heard:
            with _telling:
                told = limit_headers(headers)
                HTTP_ATTEMPTS.publish(HttpAttempt(host=host, status=status, headers=told))

    def failed(self, host: str, error: BaseException) -> None:
        """An attempt came to nothing."""
        if self._call is not None:
            self._call.is_cached = False
        if HTTP_ATTEMPTS.is_heard:
            with _telling:
                name = type(error).__name__
                HTTP_ATTEMPTS.publish(HttpAttempt(host=host, status=None, headers={}, error=name))

    def key(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> str | None:
        """What the answer to this request is kept under, the same if it is tried again; None if it is not."""
        if self._keeping is None:
            return None
        with _looking:
            # Only who keeps answers pays for it.
            from spanscore.integrations._answers_key import digest_of  # noqa: PLC0415

            digest = digest_of(method, url, headers, body)
            if digest is None:
                return None
            if digest not in self._keys:
                self._keys[digest] = self._keeping.key(digest)
            return self._keys[digest]
        return None

    def kept(self, key: str | None) -> "Answer | None":
        """The answer that is kept under the key; the span says so if there is one."""
        if self._keeping is None or key is None:
            return None
        with _looking:
            answer = self._keeping.folder.get(key)
            if answer is not None and self._call is not None and self._call.is_cached is None:
                self._call.is_cached = True
            return answer
        return None

    def keep(self, key: str, answer: "Answer") -> None:
        """Keep an answer that has been read."""
        if self._keeping is not None:
            with _keeping:
                self._keeping.folder.put(key, answer)


_TRANSFER: Final = ContextVar["Transfer | None"]("spanscore-transfer", default=None)


def transfer_of(http_client: Any) -> Transfer | None:
    """The transfer that a request is part of which this client is about to make."""
    transfer = _TRANSFER.get()
    return transfer if transfer is not None and transfer.covers(http_client) else None


@contextmanager
def taken() -> Generator[None, None, None]:
    """While a transport carries out a request: what it is made of tells nothing of the same attempt."""
    token = _TRANSFER.set(None)
    try:
        yield
    finally:
        # As above: elsewhere there is nothing to be put back.
        with suppress(ValueError):
            _TRANSFER.reset(token)
