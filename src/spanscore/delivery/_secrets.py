"""Secrets that give themselves away by their form, found in text in time linear in its length.

Imported by what sends only: re2 is a library of 1.5 MB that a traced program need not load.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import re2  # pyright: ignore[reportMissingTypeStubs] - it has no types

from spanscore._json import REDACTED

BOUNDARY: Final = r"(?:\b|\\[bfnrt]|\\u[0-9a-fA-F]{4})"
"""No letter and no digit, unless it ends an escape of JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """The form of one kind of secret, in text that may be JSON once or twice over.

    `before` and `after` are what gives it away beside it, and stays. `start` is what must be at the very
    beginning. `is_secret` looks once more at what was found. `hint` is what to look for in any bytes that may
    have it in them, None for the form itself.
    """

    name: str
    secret: str
    before: str = ""
    after: str = ""
    start: str = BOUNDARY
    is_secret: Callable[[bytes], bool] = bool
    hint: str | None = None


def _has_digit(found: bytes) -> bool:
    """Random text of some length has digits; prose, even hyphenated, has none."""
    return not found.isascii() or any(map(b"0123456789".__contains__, found))


def _is_new(found: bytes) -> bool:
    return REDACTED.encode() not in found


_SPACE: Final = r"(?:\s|\\+[nrt])"
_TOKEN: Final = r"[A-Za-z0-9._~+/=-]"
_PEM: Final = r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
_NAMED: Final = (
    r"(?i:password|passwd|passphrase|secret|secret[_-]?key|secret[_-]?access[_-]?key|api[_-]?key|private[_-]?key"
    r"|(?:access|auth|bearer|csrf|id|refresh|session)[_-]?token|authorization|connection[_-]?string)"
    rf"(?:\\*[\"'])?{_SPACE}*[:=]{_SPACE}*"
)
_NAMED_HINT: Final = _NAMED + r"\\*[\"'][^<]"

PATTERNS: Final = (
    Pattern(name="aws-access-key", secret=r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}", after=r"\b"),
    Pattern(name="github-token", secret=r"gh[opsur]_[A-Za-z0-9_]{36,}"),
    Pattern(name="github-fine-grained-token", secret=r"github_pat_[A-Za-z0-9_]{22,}"),
    Pattern(
        name="gitlab-token", secret=r"gl(?:agent|cbt|dt|ft|imt|oas|pat|ptt|rt|soat)-[A-Za-z0-9_=.-]{20,}"
    ),
    Pattern(name="slack-token", secret=r"(?:xox[abeoprs]|xapp)-[A-Za-z0-9-]{10,}", is_secret=_has_digit),
    Pattern(
        name="slack-webhook",
        before=r"hooks\.slack\.com\\?/(?:services|triggers|workflows)\\?/",
        secret=r"[A-Za-z0-9+/\\_-]{16,}",
    ),
    Pattern(name="stripe-key", secret=r"[rs]k_(?:live|prod|test)_[A-Za-z0-9]{10,}"),
    Pattern(name="anthropic-key", secret=r"sk-ant-[A-Za-z0-9_-]{20,}", is_secret=_has_digit),
    Pattern(
        name="openai-key", secret=r"sk-(?:admin|None|proj|svcacct)-[A-Za-z0-9_-]{20,}", is_secret=_has_digit
    ),
    Pattern(name="openrouter-key", secret=r"sk-or-[A-Za-z0-9_-]{20,}", is_secret=_has_digit),
    Pattern(name="langfuse-key", secret=r"sk-lf-[A-Za-z0-9-]{30,}", is_secret=_has_digit),
    # OpenAI's older keys, Braintrust's, and those of many who copied the form.
    Pattern(name="sk-key", secret=r"sk-[A-Za-z0-9_]{20,}", is_secret=_has_digit),
    Pattern(name="langsmith-key", secret=r"lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}"),
    Pattern(name="google-key", secret=r"AIza[A-Za-z0-9_-]{35}"),
    Pattern(name="groq-key", secret=r"gsk_[A-Za-z0-9]{40,}"),
    Pattern(name="xai-key", secret=r"xai-[A-Za-z0-9]{60,}"),
    Pattern(name="perplexity-key", secret=r"pplx-[A-Za-z0-9]{40,}"),
    Pattern(name="replicate-token", secret=r"r8_[A-Za-z0-9]{37,}"),
    Pattern(name="hugging-face-token", secret=r"hf_[A-Za-z0-9]{30,}"),
    Pattern(name="npm-token", secret=r"npm_[A-Za-z0-9]{36}", after=r"\b"),
    Pattern(name="pypi-token", secret=r"pypi-[A-Za-z0-9_-]{50,}", is_secret=_has_digit),
    Pattern(name="sendgrid-key", secret=r"SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}"),
    Pattern(name="twilio-key", secret=r"SK[0-9a-f]{32}", after=r"\b"),
    Pattern(name="databricks-token", secret=r"dapi[0-9a-f]{32}", after=r"(?:-[0-9])?\b"),
    Pattern(
        name="azure-key",
        before=r"(?i:AccountKey|SharedAccessKey)(?:=|\\+u003d)",
        secret=r"[A-Za-z0-9+/]{40,}={0,2}",
    ),
    Pattern(name="jwt", secret=r"eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}={0,2}"),
    Pattern(
        name="private-key",
        start="",
        secret=_PEM + r'(?:[^-"]|-[^-"])*-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----',
        hint=_PEM,
    ),
    # One that was cut: as far as lines of base64 go.
    Pattern(name="private-key", start="", secret=_PEM + rf"(?:{_SPACE}*[A-Za-z0-9+/=]{{16,}})+", hint=_PEM),
    Pattern(
        name="bearer-token", before=rf"(?i:bearer){_SPACE}+", secret=_TOKEN + "{16,}", is_secret=_has_digit
    ),
    Pattern(
        name="authorization-header",
        before=r"(?i:authorization)[\\\"' \])]{0,4}[:=,][\\\"'\[( ]{0,6}(?:(?i:value)[\\\"':= ]{1,12})?"
        rf"(?i:apikey|basic|bearer|digest|negotiate|token){_SPACE}+",
        secret=_TOKEN + "{6,}",
    ),
    # Headers as pairs or as objects; in one object of all their names are keys.
    Pattern(
        name="header",
        before=r"(?i:(?:proxy-)?authorization|(?:x-)?api-key|x-[a-z-]+-(?:key|secret|token)|set-cookie)"
        r"\\*[\"']\s*[:,]\s*(?:\\*[\"']value\\*[\"']\s*:\s*)?\\*[\"']",
        secret=r"[^\"'\\<][^\"'\\]{7,}",
        after=r"\\*[\"']",
        is_secret=_is_new,
    ),
    Pattern(
        name="url-password",
        before=r"[A-Za-z][A-Za-z0-9+.-]+:(?:\\*/){2}[^\x00-\x20/?#@:\"'\\<>]*:",
        secret=r"[^\x00-\x20/?#@\"'\\<>]+",
        after=r"@[A-Za-z0-9\[]",
        hint=r":(?:\\*/){2}[^\x00-\x20/?#@:\"'\\<>]*:[^\x00-\x20/?#@\"'\\<>]+@",
    ),
    Pattern(
        name="named",
        start="",
        before=_NAMED + r'"',
        secret=r'[^"\\<](?:[^"\\]|\\(?s:.))*',
        after=r'"',
        is_secret=_is_new,
        hint=_NAMED_HINT,
    ),
    Pattern(
        name="named",
        start="",
        before=_NAMED + "'",
        secret=r"[^'\\<](?:[^'\\]|\\(?s:.))*",
        after="'",
        is_secret=_is_new,
        hint=_NAMED_HINT,
    ),
    # In JSON that is text in JSON.
    Pattern(
        name="named",
        start="",
        before=_NAMED + r'\\"',
        secret=r'[^"\\<](?:[^"\\]|\\\\(?:\\(?s:.)|[^\\"]))*',
        after=r'\\"',
        is_secret=_is_new,
        hint=_NAMED_HINT,
    ),
)
"""What is looked for, the more particular before the more general."""


def _compiled(alternatives: Iterable[str]) -> Any:
    library: Any = re2
    options = library.Options()
    # Bytes as they are: whatever their encoding, what is found begins and ends at ASCII.
    options.encoding = library.Options.Encoding.LATIN1
    options.log_errors = False
    options.max_mem = 64 << 20
    return library.compile("|".join(alternatives).encode(), options)


DETECTOR: Final = _compiled(f"(?:{p.start}{p.before}({p.secret}){p.after})" for p in PATTERNS)
HINTS: Final = _compiled(sorted({p.hint or p.before + p.secret for p in PATTERNS}))


def may_hold_secret(data: bytes) -> bool:
    """Whether there may be a secret in the bytes of any number of records; False is certain."""
    return HINTS.search(data) is not None


def without_secrets(data: bytes) -> tuple[bytes, list[str]]:
    """Text without its secrets, and the names of the patterns that they matched."""
    kept: list[bytes] = []
    names: list[str] = []
    done = 0
    for name, start, end in _found(data):
        kept += [data[done:start], REDACTED.encode()]
        names.append(name)
        done = end
    return (b"".join([*kept, data[done:]]), names) if names else (data, names)


def _found(data: bytes) -> Iterator[tuple[str, int, int]]:
    for match in DETECTOR.finditer(data):
        number = next(number for number, text in enumerate(match.groups()) if text is not None)
        pattern = PATTERNS[number]
        if pattern.is_secret(match.group(number + 1)):
            yield pattern.name, *match.span(number + 1)
