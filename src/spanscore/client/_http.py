"""Requests to Braintrust's REST interface, tried again where that can do no harm."""

import threading
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from random import Random
from typing import Any, Final, Literal
from urllib.parse import urlencode

from opentelemetry import context as otel_context

from spanscore._config import Settings
from spanscore._http.answers import Answer
from spanscore._http.sender import HttpSender
from spanscore._http.settings import HttpSettings
from spanscore._json import from_json, to_json
from spanscore.errors import (
    NotFoundError,
    RejectedError,
    RetryLaterError,
    SpanscoreError,
    TooLargeError,
    UnauthorizedError,
)
from spanscore.tracing._unwatched import unwatched

ATTEMPTS: Final = 4
BUDGET_S: Final = 60.0
ATTEMPT_S: Final = 20.0
_FIRST_WAIT_S: Final = 0.5
_MOST_WAIT_S: Final = 10.0
_LEAST_S: Final = 0.5
_MOST_BYTES: Final = 64 << 20
_PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_PLACES: Final = (
    "the key is that of api_key=…, of BRAINTRUST_API_KEY in the environment, or of a file .env.braintrust"
)
# Of its own: the program may have seeded the global one, and must not find it advanced.
_random = Random()

Method = Literal["GET", "POST", "PATCH", "DELETE"]


class RestClient:
    """Asks one Braintrust account, with the key of `settings` as it is at that moment.

    Reads and what is safe to repeat are tried four times within `budget_s` seconds; anything else once.
    Threads may share one: each has connections of its own. Nothing of it is seen by the program's
    instrumentation.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        budget_s: float = BUDGET_S,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.settings = settings
        self.api_url: str = settings.api_url.strip().rstrip("/")
        self.app_url: str = settings.app_url.strip().rstrip("/")
        self._budget_s = budget_s
        self._sleep = sleep
        self._local = threading.local()

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """What `path` of the API has, as decoded JSON; parameters that are None are left out."""
        query = urlencode(
            {key: _as_text(value) for key, value in (params or {}).items() if value is not None}
        )
        return self.request("GET", f"{path}?{query}" if query else path, is_idempotent=True)

    def post(self, path: str, body: Mapping[str, Any], *, is_idempotent: bool = False) -> Any:
        """The decoded answer to `body`, whose fields of None are left out.

        It is tried again only if it `is_idempotent`: a request that was lost on the way back has had effect.
        """
        given = {key: value for key, value in body.items() if value is not None}
        return self.request("POST", path, body=given, is_idempotent=is_idempotent)

    def delete(self, path: str) -> Any:
        """The decoded answer to the removal of what is at `path`."""
        return self.request("DELETE", path, is_idempotent=True)

    def request(
        self,
        method: Method,
        path: str,
        *,
        body: Mapping[str, Any] | bytes | None = None,
        is_idempotent: bool,
    ) -> Any:
        """The decoded answer; {} if it has no body. `path` may be a whole address; bytes go as they are.

        Raises UnauthorizedError for a key that is missing or refused, NotFoundError for 404, TooLargeError
        for 413, RejectedError for what will never do, and RetryLaterError for what did not pass in time or
        was answered by somebody else than the service; each with what was said, and never with the key.
        """
        url = path if path.startswith(("http://", "https://")) else self.api_url + path
        content = body if isinstance(body, bytes) else b"" if body is None else _encoded(body)
        headers = {"authorization": f"Bearer {self.key()}"}
        token = otel_context.attach(unwatched())
        try:
            return _decoded(self._tried(method, url, content, headers, ATTEMPTS if is_idempotent else 1), url)
        finally:
            otel_context.detach(token)

    @contextmanager
    def within(self, seconds: float) -> Generator[None]:
        """Have all that this thread asks in the block take no longer than so many seconds together."""
        before: float | None = getattr(self._local, "deadline", None)
        self._local.deadline = time.monotonic() + seconds
        try:
            yield
        finally:
            self._local.deadline = before

    def close(self) -> None:
        """Close this thread's connections; a later request opens new ones."""
        self._sender.close()

    def _tried(
        self, method: Method, url: str, body: bytes, headers: Mapping[str, str], attempts: int
    ) -> Answer:
        sender, deadline = self._sender, self._deadline()
        for attempt in range(attempts):
            sender.timeout_s = min(ATTEMPT_S, max(_LEAST_S, deadline - time.monotonic()))
            try:
                return sender.send(method, body, url=url, headers=headers, most=None, judge=error_of)
            except RetryLaterError as error:
                wait_s = _wait_s(attempt, error.after_s)
                if attempt + 1 == attempts or time.monotonic() + wait_s >= deadline:
                    raise
            self._sleep(wait_s)
        raise AssertionError("a request has at least one attempt")

    def _deadline(self) -> float:
        own = time.monotonic() + self._budget_s
        common: float | None = getattr(self._local, "deadline", None)
        if common is not None and common <= time.monotonic():
            raise RetryLaterError(f"{self.api_url} has not answered all that was asked in the time there was")
        return own if common is None else min(own, common)

    def key(self) -> str:
        """The key as requests carry it. Raises UnauthorizedError if there is none, or none that could be."""
        key = self.settings.require_api_key().strip()
        if not (key.isascii() and key.isprintable()):
            raise UnauthorizedError(f"the Braintrust key has characters that no request can carry; {_PLACES}")
        return key

    @property
    def _sender(self) -> HttpSender:
        known: HttpSender | None = getattr(self._local, "sender", None)
        if known is None:
            headers = {"content-type": "application/json"}
            known = HttpSender(HttpSettings(endpoint=self.api_url, headers=headers))
            self._local.sender = known
        return known


def error_of(answer: Answer, asked: str) -> SpanscoreError:
    """The error that an answer other than 2xx is, with what the server says."""
    said = f"{asked} answered {answer.status}" + (f": {answer.excerpt}" if answer.excerpt else "")
    if answer.status in (401, 403):
        return UnauthorizedError(f"{said}; {_PLACES}")
    if answer.status == 404:
        return NotFoundError(said)
    if answer.status == 413:
        return TooLargeError(said)
    if answer.status in _PASSING:
        return RetryLaterError(said, after_s=answer.retry_after_s)
    if 300 <= answer.status < 400:
        where = answer.headers.get("location", "nowhere")[:200]
        return RejectedError(f"{said}; it leads to {where}, and redirects are not followed")
    return RejectedError(said)


def _wait_s(attempt: int, asked_s: float | None) -> float:
    """How long to wait after an attempt: what the server asks, else doubling from half a second."""
    if asked_s is not None:
        return asked_s
    longest = min(_MOST_WAIT_S, _FIRST_WAIT_S * 2**attempt)
    return longest * (0.5 + _random.random() / 2)


def _encoded(body: Mapping[str, Any]) -> bytes:
    return to_json(body, max_bytes=_MOST_BYTES, redact=False).encode()


def _as_text(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _decoded(answer: Answer, url: str) -> Any:
    if not answer.body:
        return {}
    try:
        return from_json(answer.whole)
    except ValueError:
        asked = url.partition("?")[0]
        # A proxy or a sign-in page answers in the service's place: it may be there the next time.
        raise RetryLaterError(
            f"{asked} answered {answer.status} with what is no JSON: {answer.excerpt}"
        ) from None
