"""A response of the API client as plain JSON."""

from collections.abc import Mapping
from typing import Any

from spanscore.instrument._plain import Fields, fields_of, json_value


def answer_of(response: Any) -> Fields:
    """The JSON object of a response: it has its body as text, in older versions it is the object itself."""
    if isinstance(response, Mapping):
        return fields_of(response)
    body: Any = getattr(response, "body", None)
    return fields_of(json_value(body.encode())) if isinstance(body, str) else {}
