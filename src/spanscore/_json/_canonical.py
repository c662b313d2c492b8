"""JSON in one form, so that equal values have equal texts."""

from typing import Any, cast

import orjson

from spanscore._json._decode import from_json
from spanscore._json._encode import to_json


def canonical_json(text: str) -> bytes:
    """The same JSON with the keys of every object sorted and nothing between its parts.

    >>> canonical_json('{"b": [1, 2], "a": "é"}').decode()
    '{"a":"é","b":[1,2]}'
    """
    value = from_json(text)
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        # Numbers of more than 64 bits, which orjson does not write.
        whole = to_json(_sorted(value), max_bytes=4 * len(text) + 1024, redact=False)
        return whole.encode("utf-8", "surrogatepass")


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value)
        return {key: _sorted(items[key]) for key in sorted(items)}
    if isinstance(value, list):
        return [_sorted(element) for element in cast("list[Any]", value)]
    return value
