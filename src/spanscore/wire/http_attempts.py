"""Attempts of HTTP requests at providers, told as they are answered to whoever asks for them."""

import threading
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

_OF_LIMITS: Final = ("retry-after", "x-ratelimit-", "anthropic-ratelimit-")


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAttempt:
    """One attempt of a request, retries of the client included.

    `host` is whom it went to, with its port where the address has one. `status` is None where there was no
    answer; `error` then names what the transport raised, such as `ConnectTimeout`. `headers` are those that
    speak of limits, with lower-case names.
    """

    host: str
    status: int | None
    headers: Mapping[str, str]
    error: str | None = None


def limit_headers(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Those headers of an answer that say how much a provider bears.

    >>> limit_headers([("Retry-After", "2"), ("x-ratelimit-remaining-requests", "0"), ("set-cookie", "a=b")])
    {'retry-after': '2', 'x-ratelimit-remaining-requests': '0'}
    """
    lowered = ((name.lower(), value) for name, value in headers)
    return {name: value for name, value in lowered if name.startswith(_OF_LIMITS)}


class HttpAttempts:
    """Hands on attempts to listeners; there is one, `HTTP_ATTEMPTS`.

    Who observes a client's transport publishes, from any thread, and first looks whether `is_heard`. A
    listener must not block, and what it raises reaches the publisher.
    """

    def __init__(self) -> None:
        self._listeners: tuple[Callable[[HttpAttempt], None], ...] = ()
        self._changing = threading.Lock()

    @property
    def is_heard(self) -> bool:
        """True if somebody listens; else there is nothing to be told."""
        return bool(self._listeners)

    def publish(self, attempt: HttpAttempt) -> None:
        """Tell every listener of an attempt."""
        for listener in self._listeners:
            listener(attempt)

    def add(self, listener: Callable[[HttpAttempt], None]) -> None:
        """Tell `listener` of attempts from now on; one that is added twice is told twice."""
        with self._changing:
            self._listeners += (listener,)

    def remove(self, listener: Callable[[HttpAttempt], None]) -> None:
        """Undo one `add`; a listener that is not there is no error."""
        with self._changing:
            kept = list(self._listeners)
            if listener in kept:
                kept.remove(listener)
            self._listeners = tuple(kept)

    @contextmanager
    def listening(self, listener: Callable[[HttpAttempt], None]) -> Generator[None, None, None]:
        """Tell `listener` of attempts for the length of a `with` block.

        >>> heard = []
        >>> with HTTP_ATTEMPTS.listening(heard.append):
        ...     HTTP_ATTEMPTS.publish(HttpAttempt(host="api.example.com", status=429, headers={}))
        >>> [attempt.status for attempt in heard]
        [429]
        """
        self.add(listener)
        try:
            yield
        finally:
            self.remove(listener)


HTTP_ATTEMPTS: Final = HttpAttempts()
