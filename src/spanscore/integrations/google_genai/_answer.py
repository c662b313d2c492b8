"""A response of the API client as plain JSON."""

from collections.abc import Mapping
from typing import Any, cast

from spanscore.integrations._plain import Fields, fields_of, json_value


def answer_of(response: Any) -> Fields:
    """The JSON object of a response: it has its body as text, in older versions it is the object itself."""
    body: Any = getattr(response, "body", None)
    if body is None:
        return cast("Fields", response) if isinstance(response, Mapping) else {}
    return fields_of(json_value(body.encode())) if isinstance(body, str) else {}
