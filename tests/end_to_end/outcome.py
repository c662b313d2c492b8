"""What a caller gets of a call, so that it can be compared with what another one gets."""

import json
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

_VARYING = (
    (re.compile(r"\b([a-z]{2,8})([-_])[0-9a-f]{12,24}\b"), r"\1\2…"),
    (re.compile(r"\b1\d{9}(?:\.\d+)?\b"), "…"),
    (re.compile(r"\d\d:\d\d:\d\d GMT"), "…"),
    (re.compile(r"127\.0\.0\.1:\d+"), "127.0.0.1:…"),
    (re.compile(r"\b(?:0x)?[0-9a-f]{12}\b"), "…"),
)
"""What a mock makes anew for each answer, ids and times; the port it was asked at; addresses of objects."""


@dataclass(frozen=True)
class Outcome:
    """The pieces that the caller gets, one for a whole answer, and what is raised after them."""

    pieces: Sequence[Any]
    error: Exception | None

    def told(self) -> str:
        """All of it as text, without what varies."""
        pieces = [_plain(piece) for piece in self.pieces]
        return without_what_varies({"pieces": pieces, "error": self.error and _error(self.error)})


async def outcome_of(call: AsyncIterator[Any]) -> Outcome:
    """Run a call to its end, whichever that is."""
    pieces: list[Any] = []
    try:
        async for piece in call:
            pieces.append(piece)  # noqa: PERF401 - those before an error count
    except Exception as error:  # noqa: BLE001 - whatever the client raises is the outcome
        return Outcome(pieces, error)
    return Outcome(pieces, None)


def without_what_varies(value: Any) -> str:
    """`value` as indented JSON, so that a difference is easy to find."""
    text = json.dumps(value, indent=1, ensure_ascii=False)
    for pattern, instead in _VARYING:
        text = pattern.sub(instead, text)
    return text


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return {type(value).__name__: value.model_dump(mode="json", warnings=False)}
    return value if isinstance(value, str | int | float | dict | list | None) else repr(value)


def _error(error: BaseException) -> dict[str, Any]:
    """Its type, text, arguments and attributes, and the same of the exceptions behind it."""
    behind = error.__cause__ or error.__context__
    return {
        "type": f"{type(error).__module__}.{type(error).__qualname__}",
        "text": str(error),
        "args": [_plain(each) for each in error.args],
        "attributes": {name: _plain(value) for name, value in sorted(vars(error).items())},
        "behind": None if behind is None else _error(behind),
        "is_suppressed": error.__suppress_context__,
    }
