"""Attempts of HTTP requests at providers, told as they are answered to whoever asks for them."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAttempt:
    """One attempt of a request, retries of the client included.

    `status` is None where there was no answer; `headers` have lower-case names. `host` is whom it went to.
    """

    host: str
    status: int | None
    headers: Mapping[str, str]


class HttpAttempts:
    """Hands on attempts to listeners; there is one, `HTTP_ATTEMPTS`.

    Who observes a client's transport publishes, from any thread, and first looks whether `is_heard`. A
    listener must not block, and what it raises reaches the publisher.
    """

    def __init__(self) -> None:
        self._listeners: tuple[Callable[[HttpAttempt], None], ...] = ()

    @property
    def is_heard(self) -> bool:
        """True if somebody listens; else there is nothing to be told."""
        return bool(self._listeners)

    def publish(self, attempt: HttpAttempt) -> None:
        """Tell every listener of an attempt."""
        for listener in self._listeners:
            listener(attempt)

    @contextmanager
    def listening(self, listener: Callable[[HttpAttempt], None]) -> Generator[None, None, None]:
        """Tell `listener` of attempts for the length of a `with` block.

        >>> heard = []
        >>> with HTTP_ATTEMPTS.listening(heard.append):
        ...     HTTP_ATTEMPTS.publish(HttpAttempt(host="api.example.com", status=429, headers={}))
        >>> [attempt.status for attempt in heard]
        [429]
        """
        self._listeners += (listener,)
        try:
            yield
        finally:
            self._listeners = tuple(each for each in self._listeners if each is not listener)


HTTP_ATTEMPTS: Final = HttpAttempts()
