"""The JSON of a field of a span, within the budget that the field has."""

from typing import Any, Final

from spanscore._json import JsonText, to_json

_WITH_MEDIA: Final = ("input", "output")


def field_json(name: str, value: Any, budget: int) -> JsonText:
    """Only input and output have room for media; a score is no credential, whatever its name."""
    max_bytes = budget if name in _WITH_MEDIA else int(budget)
    return to_json(value, max_bytes=max_bytes, redact=name != "scores")
