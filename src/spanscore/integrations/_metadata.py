"""The metadata of a call as JSON, to which the answer adds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from spanscore._json import JsonText, merge_json, to_json

_MODEL: Final = "model"
_FOR_MODEL: Final = 1024
"""Bytes that a model's name is given of a budget that has them."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a request says, encoded once, since it may hold long definitions of tools.

    `rest` is all but the model, which stands last in `text`: answers mostly say nothing else, and name it
    more exactly.
    """

    rest: JsonText
    text: JsonText

    @classmethod
    def of(cls, metadata: Mapping[str, Any], *, max_bytes: int) -> "Metadata":
        """The metadata of a request in at most `max_bytes` bytes."""
        model = metadata.get(_MODEL)
        if model is None:
            rest = to_json(metadata, max_bytes=max_bytes)
            return cls(rest, rest)
        others = {name: value for name, value in metadata.items() if name != _MODEL}
        rest = to_json(others, max_bytes=max(max_bytes - _FOR_MODEL, max_bytes // 2))
        return cls(rest, _appended(rest, {_MODEL: model}, max_bytes))

    def with_answer(self, told: Mapping[str, Any], *, max_bytes: int) -> JsonText:
        """The same with what the answer says, which goes before what was asked."""
        if len(told) == 1 and _MODEL in told:
            return _appended(self.rest, told, max_bytes)
        merged = merge_json(self.text, to_json(told, max_bytes=max_bytes))
        return merged if len(merged.encode()) <= max_bytes else self.text


NOTHING: Final = Metadata(JsonText("{}"), JsonText("{}"))


def _appended(text: JsonText, more: Mapping[str, Any], max_bytes: int) -> JsonText:
    """One object of the keys of both, which have none in common; `text` alone where they do not fit."""
    added = to_json(more, max_bytes=min(_FOR_MODEL, max_bytes // 2))
    if not text.startswith("{") or not added.startswith("{"):
        return text
    return JsonText(f"{text[:-1]},{added[1:]}") if len(text) > 2 else added
