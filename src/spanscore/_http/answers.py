"""What an answer over HTTP means for the records of its request."""

import email.utils
import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timezone
from time import time
from typing import Final

from spanscore.errors import (
    DeliveryError,
    RejectedError,
    RetryLaterError,
    TooLargeError,
    UnauthorizedError,
)

MAX_BODY: Final = 64 << 10
"""Bytes of an answer's body that are read, and to which it is unpacked."""

_EXCERPT: Final = 200
_RETRYABLE: Final = frozenset({408, 425, 429})
_MISDIRECTED: Final = frozenset({402, 404, 405, 406, 407, 410, 415})
"""Answers to every request alike, whatever is in it: a mistyped address must not cost spans."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers (names in lower case) and at most MAX_BODY bytes of a body."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def is_success(self) -> bool:
        """True if the request was taken."""
        return 200 <= self.status < 300

    @property
    def content(self) -> bytes:
        """The body unpacked, to at most MAX_BODY bytes; empty if its coding is not known."""
        return self._unpacked(MAX_BODY)

    @property
    def whole(self) -> bytes:
        """The body unpacked, whatever its size; empty if its coding is not known."""
        return self._unpacked(0)

    def _unpacked(self, most: int) -> bytes:
        coding = self.headers.get("content-encoding", "identity").strip().lower()
        if coding in ("", "identity"):
            return self.body
        if coding not in ("gzip", "x-gzip", "deflate"):
            return b""
        try:
            return zlib.decompressobj(wbits=47).decompress(self.body, most)
        except zlib.error:
            return b""

    @property
    def excerpt(self) -> str:
        """The beginning of the body as one line of text."""
        text = self.content[: 4 * _EXCERPT].decode("utf-8", "replace")
        return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:_EXCERPT]

    @property
    def retry_after_s(self) -> float | None:
        """How long the destination asks to be left alone, whether it says so in seconds or as a date."""
        given = self.headers.get("retry-after", "").strip()
        try:
            seconds = float(given)
        except ValueError:
            return _seconds_until(given)
        return max(0.0, seconds) if math.isfinite(seconds) else None


def _seconds_until(date: str) -> float | None:
    try:
        moment = email.utils.parsedate_to_datetime(date)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
        return max(0.0, aware.timestamp() - time())
    except (TypeError, ValueError, OverflowError, IndexError):
        return None


def error_of(answer: Answer, asked: str) -> DeliveryError:
    """The error that an answer other than 2xx stands for; `asked` is the address as messages show it."""
    status = answer.status
    said = f"{asked} answered {status}" + (f": {answer.excerpt}" if answer.excerpt else "")
    if 300 <= status < 400:
        where = answer.headers.get("location", "nowhere")[:_EXCERPT]
        told = f"{asked} answered {status}, a redirect to {where}; redirects are not followed"
        return RetryLaterError(f"{told}; set the endpoint to {where}", after_s=answer.retry_after_s)
    if status == 413:
        return TooLargeError(said)
    if status in (401, 403):
        return UnauthorizedError(said)
    if status in _MISDIRECTED:
        return RetryLaterError(f"{said}; is the endpoint right?", after_s=answer.retry_after_s)
    if 400 <= status < 500 and status not in _RETRYABLE:
        return RejectedError(said)
    return RetryLaterError(said, after_s=answer.retry_after_s)
