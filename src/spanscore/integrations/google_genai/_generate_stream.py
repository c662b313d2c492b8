"""The chunks of a streamed response, put together."""

import base64
from collections.abc import Mapping
from typing import Any, Final, cast

from spanscore.integrations._plain import Fields, fields_of
from spanscore.integrations.google_genai._answer import answer_of

_HEAD: Final = frozenset(
    {"modelVersion", "responseId", "createTime", "modelStatus", "promptFeedback", "usageMetadata"}
)
_OF_TEXT: Final = frozenset({"text", "thought"})
_JOINED_MEDIA: Final = ("audio/l16", "audio/pcm")
"""Sound without a header: the pieces of a stream in a row are the whole."""


class GenerateAccumulator:
    """Merges the candidates of each index; what comes out has the shape of a whole response."""

    def __init__(self) -> None:
        self._head: dict[str, Any] = {}
        self._candidates: dict[int, _Candidate] = {}

    def add(self, chunk: Any) -> None:
        for name, value in answer_of(chunk).items():
            if name in _HEAD and value is not None:
                self._head[name] = value
            elif name == "candidates" and isinstance(value, list):
                for given in cast("list[Any]", value):
                    fields = fields_of(given)
                    self._candidate(fields.get("index")).add(fields)

    def response(self) -> Mapping[str, Any]:
        whole = [self._candidates[index].whole() for index in sorted(self._candidates)]
        return {**({"candidates": whole} if whole else {}), **self._head}

    def _candidate(self, index: Any) -> "_Candidate":
        key = index if isinstance(index, int) else 0
        return self._candidates.get(key) or self._candidates.setdefault(key, _Candidate())


class _Candidate:
    """One candidate as far as it has come. Text in a row that is of one kind becomes one part."""

    __slots__ = ("_content", "_fields", "_parts", "_pieces")

    def __init__(self) -> None:
        self._content: dict[str, Any] | None = None
        self._fields: dict[str, Any] = {}
        self._parts: list[Any] = []
        # Of the last part, if more may belong to it; joined at the end, so that it costs linear time.
        self._pieces: list[str] = []

    def add(self, given: Fields) -> None:
        for name, value in given.items():
            if name == "content":
                self._add_content(fields_of(value))
            elif value is not None:
                self._fields[name] = (
                    value if name == "safetyRatings" else _merged(self._fields.get(name), value)
                )

    def whole(self) -> dict[str, Any]:
        self._close()
        if self._content is None:
            return self._fields
        parts = {"parts": self._parts} if self._parts else {}
        return {"content": {**parts, **self._content}, **self._fields}

    def _add_content(self, content: Fields) -> None:
        if self._content is None:
            self._content = {}
        for name, value in content.items():
            if name != "parts":
                self._content[name] = value
            elif isinstance(value, list):
                for part in cast("list[Any]", value):
                    self._add_part(part)

    def _add_part(self, part: Any) -> None:
        piece = _piece(part)
        if piece is None or not self._pieces or not _are_one(self._parts[-1], part):
            self._close()
            self._parts.append(part)
        if piece is not None:
            self._pieces.append(piece)

    def _close(self) -> None:
        if len(self._pieces) > 1:
            last = self._parts[-1]
            self._parts[-1] = _with_pieces(last, self._pieces)
        self._pieces = []


def _piece(part: Any) -> str | None:
    """The text or the media that a following part may go on; None for parts that are whole."""
    fields = fields_of(part)
    piece = fields.get("text")
    if piece is None and len(fields) == 1:
        piece = _sound(fields_of(fields.get("inlineData")))
    elif len(fields) > 1 and not fields.keys() <= _OF_TEXT:
        piece = None
    return piece if isinstance(piece, str) else None


def _sound(blob: Fields) -> Any:
    kind = blob.get("mimeType")
    return blob.get("data") if isinstance(kind, str) and kind.lower().startswith(_JOINED_MEDIA) else None


def _are_one(last: Fields, part: Fields) -> bool:
    """Whether both are text of one kind, thought or spoken, or media of one type."""
    if "text" in last and "text" in part:
        return last.get("thought") == part.get("thought")
    blobs = (fields_of(last.get("inlineData")), fields_of(part.get("inlineData")))
    return all(blobs) and blobs[0].get("mimeType") == blobs[1].get("mimeType")


def _with_pieces(part: Fields, pieces: list[str]) -> Fields:
    if "text" in part:
        return {**part, "text": "".join(pieces)}
    return {**part, "inlineData": {**part["inlineData"], "data": _joined_base64(pieces)}}


def _joined_base64(pieces: list[str]) -> str:
    try:
        content = b"".join(base64.b64decode(piece, validate=True) for piece in pieces)
    except ValueError:
        return "".join(pieces)
    return base64.b64encode(content).decode()


def _merged(old: Any, new: Any) -> Any:
    """What two chunks say of one thing: lists go on, unless the later one has it all; else the later one."""
    if old is None:
        return new
    if isinstance(old, dict) and isinstance(new, dict):
        before, after = cast("dict[Any, Any]", old), cast("dict[Any, Any]", new)
        return {**before, **{name: _merged(before.get(name), value) for name, value in after.items()}}
    if isinstance(old, list) and isinstance(new, list):
        first, second = cast("list[Any]", old), cast("list[Any]", new)
        return second if second[: len(first)] == first else [*first, *second]
    return new
