"""The events of a streamed transcription, put together."""

from collections.abc import Mapping
from typing import Any

from spanscore.integrations._plain import Fields, fields_of, plain


class TranscriptAccumulator:
    """Joins what was heard; gives the shape of a whole transcription."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._segments: list[Any] = []
        self._done: Fields = {}

    def add(self, chunk: Any) -> None:
        fields = fields_of(chunk)
        kind = fields.get("type")
        if kind == "transcript.text.delta":
            delta = fields.get("delta")
            if isinstance(delta, str):
                self._texts.append(delta)
        elif kind == "transcript.text.segment":
            self._segments.append(chunk)
        elif kind == "transcript.text.done":
            self._done = fields_of(plain(chunk))

    def response(self) -> Mapping[str, Any]:
        answer: dict[str, Any] = {"text": "".join(self._texts)}
        if self._segments:
            answer["segments"] = plain(self._segments)
        return {**answer, **{name: value for name, value in self._done.items() if name != "type"}}
