"""Which keys name credentials, and whether what stands under one is to be left out."""

import re
import threading
from collections.abc import Iterable
from enum import Enum
from functools import lru_cache
from typing import Any, Final, cast

from spanscore._json._names import bases, kind_of
from spanscore._json._tree import Gap

REDACTED: Final = "<redacted>"
"""What stands in the place of a credential."""

MAX_NAME: Final = 128
"""The end of a longer key decides."""

OPAQUE_LENGTH: Final = 16
"""A shorter token is a word of a text, not a key to anything."""

STEMS: Final = ("auth", "key", "token", "secret", "pass", "pwd", "cookie", "credential", "conn")
"""Every name of a credential has one of these in it."""

HUMPS: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
SEPARATORS: Final = re.compile(r"[\W_]+")

PASSWORDS: Final = re.compile(
    r"(?:^| )(?:\w*(?:password|passwd|passphrase|passcode)s?|pass (?:word|phrase)s?|\w{0,5}pwd"
    r"|password confirm(?:ation)?)$"
)
SECRETS: Final = re.compile(
    r"(?:^| )(?:(?:proxy ?)?authorization|\w*api ?keys?|\w*secrets?|(?:set ?)?cookies?|\w*credentials?"
    r"|(?:\w*secret|\w*private|access|account|encryption|master|signing|subscription) ?keys?"
    r"|(?:access|api|auth|bearer|csrf|csrf ?middleware|id|jwt|oauth2?|refresh|secret|security|session|xsrf)"
    r" ?token|conn(?:ection)? ?str(?:ing)?s?)$"
)
PLACES: Final = re.compile(r"(?:^| )(?:continuation|cursor|next|page|sync) ?token$")
"""Tokens that say where to go on reading."""

TOKENS: Final = re.compile(r"token$")

SCHEMA_TYPES: Final = frozenset({"string", "number", "integer", "boolean", "array", "object", "null"})


class Verdict(Enum):
    """What a key says about the value under it."""

    HARMLESS = "nothing"
    TOKEN = "a credential if it looks like one: language models speak of tokens too"
    SECRET = "a credential, unless it is a number"
    PASSWORD = "a credential, a number too"


class Credentials:
    """Whether values under credential-named keys are left out in this process, and how many were."""

    def __init__(self) -> None:
        self.is_on = True
        self.count = 0
        # Reentrant: garbage collected while it is held may be a stream that is told as JSON.
        self._lock = threading.RLock()

    def add(self, count: int) -> None:
        """Count so many more that were left out."""
        with self._lock:
            self.count += count


CREDENTIALS: Final = Credentials()


def is_credential(key: str) -> bool:
    """Whether a value under this key is a credential by the key alone.

    >>> [is_credential(key) for key in ("http.request.header.authorization", "dbPassword", "max_tokens")]
    [True, True, False]
    """
    return verdict(key[-MAX_NAME:]) in (Verdict.SECRET, Verdict.PASSWORD)


def holds_credential(key: str, value: Any) -> bool:
    """Whether `value` under `key` is to be left out.

    None, booleans, what is empty, and numbers that are no passwords stay; so does the schema of a value.
    Under a key that is just some kind of token, only text that can be no word is left out. No code of the
    value is called.
    """
    found = verdict(key[-MAX_NAME:])
    if found is Verdict.HARMLESS or value is None:
        return False
    kind = kind_of(value)
    if kind is bool or kind is Gap:
        return False
    if kind is int or kind is float:
        return found is Verdict.PASSWORD
    if kind is str or str in bases(kind):
        text = str.__str__(value)
        return _is_opaque(text) if found is Verdict.TOKEN else text not in ("", REDACTED)
    return found is not Verdict.TOKEN and not _is_empty(value) and not _is_schema(value)


def judge(keys: Iterable[str]) -> set[str]:
    """Those of the keys that may stand over a credential."""
    known = list(keys)
    everything = "\n".join(known).lower()
    if not any(stem in everything for stem in STEMS):
        return set()
    return {key for key in known if verdict(key[-MAX_NAME:]) is not Verdict.HARMLESS}


@lru_cache(maxsize=4096)
def verdict(key: str) -> Verdict:
    """What an exact str of at most MAX_NAME characters says about the value under it."""
    lowered = key.lower()
    if not any(stem in lowered for stem in STEMS):
        return Verdict.HARMLESS
    words = SEPARATORS.sub(" ", HUMPS.sub(" ", key)).lower().rstrip("0123456789 ")
    for pattern, found in (
        (PASSWORDS, Verdict.PASSWORD),
        (SECRETS, Verdict.SECRET),
        (PLACES, Verdict.HARMLESS),
        (TOKENS, Verdict.TOKEN),
    ):
        if pattern.search(words):
            return found
    return Verdict.HARMLESS


def _is_opaque(text: str) -> bool:
    """Whether a token is no word, no rule of dashes and no special token such as <|begin_of_text|>."""
    if len(text) < OPAQUE_LENGTH or text[0] == "<" or (text.isalpha() and not _is_mixed(text)):
        return False
    head = text[:4096]
    return not any(map(str.isspace, head)) and any(map(str.isalnum, head))


def _is_mixed(text: str) -> bool:
    return not (text.islower() or text.isupper() or text.istitle())


def _is_empty(value: Any) -> bool:
    kind = kind_of(value)
    return (kind is dict or kind is list or kind is tuple) and not value


def _is_schema(value: Any) -> bool:
    """Whether a value is JSON schema, which describes a credential and holds none. Hashes no key."""
    if kind_of(value) is not dict:
        return False
    for key, item in cast("dict[Any, Any]", value).copy().items():
        if kind_of(key) is str:
            if key in ("$ref", "anyOf", "oneOf", "allOf", "enum"):
                return True
            if key == "type" and kind_of(item) is str and item in SCHEMA_TYPES:
                return True
    return False
