"""Two JSON objects merged into one."""

from typing import Any, cast

from spanscore._json._decode import from_json
from spanscore._json._encode import to_json
from spanscore._json._text import JsonText


def merge_json(
    first: JsonText, second: JsonText, *, max_bytes: int = 1 << 20, redact: bool = True
) -> JsonText:
    """`second` laid over `first`: objects merge key by key at every depth, everything else replaces.

    `redact` is that of `to_json`.

    >>> merge_json(JsonText('{"a":{"x":1}}'), JsonText('{"a":{"y":2},"b":3}'))
    '{"a":{"x":1,"y":2},"b":3}'
    """
    if not (first.startswith("{") and second.startswith("{")):
        return second
    return to_json(merged(from_json(first), from_json(second)), max_bytes=max_bytes, redact=redact)


def merged(first: Any, second: Any) -> Any:
    """What `merge_json` does, for values; neither argument is changed."""
    if not (isinstance(first, dict) and isinstance(second, dict)):
        return second
    below, above = cast("dict[str, Any]", first), cast("dict[str, Any]", second)
    both = {key: merged(below[key], value) if key in below else value for key, value in above.items()}
    return {**below, **both}
