"""Any Python value to JSON text: the fast path and the way into the careful one."""

from typing import Any, Final

import orjson

from spanscore._json._credentials import CREDENTIALS
from spanscore._json._escapes import escaped
from spanscore._json._fit import fit
from spanscore._json._key_check import has_credentials
from spanscore._json._plain import Walker
from spanscore._json._text import JsonText
from spanscore._json._weight import Level, Object, weight

OPTIONS: Final = orjson.OPT_PASSTHROUGH_SUBCLASS | orjson.OPT_PASSTHROUGH_DATACLASS
MAX_NODES: Final = 100_000
"""The nodes that the careful path reads; ten bytes for each make a mebibyte."""


def to_json(value: Any, *, max_bytes: int = 1 << 20, redact: bool = True) -> JsonText:
    """Valid JSON text for any value, at most `max_bytes` of UTF-8; never raises.

    Plain data comes out as it is. NaN and infinities become null, as in JavaScript; lone surrogates become
    their escapes as text; bytes become base64; dataclasses, attrs and pydantic objects become objects of
    their fields; arrays and tables a bounded head; what has no better form becomes its `repr`, called at
    most once an object. What does not fit is cut in the middle, in a place that says so. Iterators and
    streams are never consumed. With `redact` credentials are left out where the key over them says what they
    are: `"<redacted>"` is in their place. A `Budget` for `max_bytes` says how much there may be besides of
    media in the forms that providers have them.

    Whatever the value's own code raises is written into the text, SystemExit included; only
    KeyboardInterrupt passes, which is the user's Ctrl-C.

    >>> to_json({"question": "why?", "scores": [1, 0.5, float("nan")]})
    '{"question":"why?","scores":[1,0.5,null]}'
    >>> to_json({"model": "gpt", "api_key": "sk-1234"})
    '{"model":"gpt","api_key":"<redacted>"}'
    """
    objects: list[Object] = []
    unread: list[Level] = []
    texts: list[str] = []
    try:
        if weight(value, max_bytes, objects, unread, texts) <= max_bytes:
            data = orjson.dumps(escaped(value, texts) if texts else value, None, OPTIONS)
            if len(data) <= max_bytes and not (redact and has_credentials(objects, unread, data)):
                return JsonText(data, "utf-8")
    except Exception:  # noqa: BLE001  whatever orjson refuses takes the careful path
        return careful_json(value, max_bytes, redact=redact)
    return careful_json(value, max_bytes, redact=redact)


def careful_json(value: Any, max_bytes: int, *, redact: bool) -> JsonText:
    """The text of a value that is not plain, does not fit, or has credentials in it."""
    # A node takes two bytes at least, so a small budget needs few of them.
    walker = Walker(max_nodes=min(MAX_NODES, max(16, max_bytes)), redact=redact and CREDENTIALS.is_on)
    plain = walker.walk(value)
    if walker.redacted:
        CREDENTIALS.add(walker.redacted)
    return JsonText(fit(plain, max_bytes, must_look=walker.has_blobs), "utf-8")
