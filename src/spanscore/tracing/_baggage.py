"""The header `baggage` of W3C Baggage: its members as text, within its limits."""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple
from urllib.parse import quote, unquote, unquote_plus

BAGGAGE: Final = "baggage"
MAX_MEMBERS: Final = 64
MAX_BYTES: Final = 8192

_BLANK = " \t"
_TOKEN = "!#$&'*+-.^_`|~"
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


class Member(NamedTuple):
    """One member of a baggage header: its decoded key, and all of its text as it came or is to be sent."""

    key: str
    text: str

    @property
    def value(self) -> str:
        """The value, decoded as W3C says: a `+` is a plus. Properties are no part of it."""
        return unquote(self._raw_value().partition(";")[0].strip(_BLANK))

    @property
    def lossy_value(self) -> str:
        """The value as OpenTelemetry's own propagator reads it: `+` is a blank, properties belong to it."""
        return unquote_plus(self._raw_value().strip(_BLANK)).strip()

    def _raw_value(self) -> str:
        return self.text.partition("=")[2]


def make_member(key: str, value: str) -> Member:
    """A member with everything percent-encoded that W3C Baggage does not allow, and `%` always.

    >>> make_member("braintrust.parent", "project_name:a+b c").text
    'braintrust.parent=project_name%3Aa%2Bb%20c'
    """
    encoded = quote(value, safe="", errors="replace")
    return Member(key, f"{quote(key, safe=_TOKEN, errors='replace')}={encoded}")


def read_members(header: str) -> list[Member]:
    """The members of a header in order, up to 64 and to 8,192 bytes; what is no member is left out."""
    members: list[Member] = []
    used = -1
    # One character beyond the limit is enough to see that the member it falls into does not fit.
    for piece in header[: MAX_BYTES + 1].split(","):
        used += 1 + len(piece.encode("utf-8", "replace"))
        if used > MAX_BYTES or len(members) == MAX_MEMBERS:
            break
        member = _read(piece)
        if member is not None:
            members.append(member)
    return members


def _read(piece: str) -> Member | None:
    text = piece.strip(_BLANK)
    key, equals, _ = text.partition(";")[0].partition("=")
    key = unquote(key.strip(_BLANK))
    if not key or not equals or _CONTROL.search(text):
        return None
    return Member(key, text if text.isascii() else _NOT_ASCII.sub(_encoded, _as_sent(text)))


def _as_sent(text: str) -> str:
    """Text that a server has read as Latin-1, as HTTP asks, although it was sent as UTF-8."""
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text


def _encoded(match: re.Match[str]) -> str:
    # No header may have such characters, and HTTP clients refuse to send them.
    return quote(match[0], errors="replace")


def join_members(first: Member | None, others: Iterable[Member]) -> str:
    """The header with `first` in front, and then the others for which it has room.

    Nothing is cut in two: at most 64 members and 8,192 bytes are kept, the rest is dropped from the end.
    """
    kept: list[str] = []
    used = -1
    for member in (*(() if first is None else (first,)), *others):
        if len(member.text) > MAX_BYTES:
            continue
        used += 1 + len(member.text)
        if used > MAX_BYTES or len(kept) == MAX_MEMBERS:
            break
        kept.append(member.text)
    return ",".join(kept)
