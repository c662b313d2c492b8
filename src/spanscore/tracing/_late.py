"""What is told of a row when its span has ended: updates and feedback, by its ids or by its id alone."""

import hashlib
import re
import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from typing import Any, Final

from spanscore._json import JsonText, to_json
from spanscore.errors import ConfigError
from spanscore.tracing._fields import field_json
from spanscore.tracing._open import attribute_budget, described_error
from spanscore.tracing._recording import RECORDING
from spanscore.tracing._scores import checked_scores
from spanscore.tracing._text import as_tags, as_text, is_error
from spanscore.wire.records import RowUpdate

SOURCES: Final = ("external", "app", "api")
_SPAN_ID: Final = re.compile("[0-9a-f]{16}")
_OBJECTS: Final = ("scores", "metadata", "metrics")
_VALUES: Final = ("input", "output", "expected")


def send_late(
    parent: str, trace_id: int, span_id: int, event: Mapping[str, Any], *, row_id: str | None = None
) -> None:
    """Have the row merged with `event`, whose names are those of `Span.log`; None leaves an object as it is.

    `trace_id` 0 stands for whichever trace has the row. `row_id` is what the program knows the row by.
    """
    texts = _texts(event)
    if RECORDING.sink is None or not texts:
        return
    if row_id is not None and _SPAN_ID.fullmatch(row_id) is None:
        texts["_row_id"] = to_json(row_id)
    RECORDING.sink.put(RowUpdate(parent=parent, trace_id=trace_id, span_id=span_id, fields=texts))


def _texts(event: Mapping[str, Any]) -> dict[str, JsonText]:
    budget = attribute_budget()
    texts = {
        name: field_json(name, value, budget)
        for name, value in event.items()
        if name in _VALUES or (name in _OBJECTS and value is not None)
    }
    if (tags := event.get("tags")) is not None:
        texts["tags"] = to_json(as_tags(tags))
    if (error := event.get("error")) is not None:
        texts["error"] = to_json(described_error(error) if is_error(error) else as_text(error))
    return texts


def send_feedback(parent: str, trace_id: int, row_id: str, feedback: Mapping[str, Any]) -> None:
    """Have the row told what somebody thinks of it: scores, the expected value, tags, a comment.

    `feedback` has `scores`, `expected`, `tags`, `comment`, and its own `metadata` and `source`. Raises
    ConfigError if there is nothing in it or the source is unknown, ScoreError for a score outside 0..1.
    """
    fields = dict(feedback_fields(feedback))
    number = span_number(row_id)
    if _SPAN_ID.fullmatch(row_id) is None:
        fields["_row_id"] = to_json(row_id)
    if RECORDING.sink is not None:
        RECORDING.sink.put(RowUpdate(parent=parent, trace_id=trace_id, span_id=number, fields=fields))


def feedback_fields(feedback: Mapping[str, Any]) -> Iterator[tuple[str, JsonText]]:
    """The fields of an update that feedback is."""
    scores, expected = feedback.get("scores"), feedback.get("expected")
    tags, comment = feedback.get("tags"), feedback.get("comment")
    source = feedback.get("source") or SOURCES[0]
    if source not in SOURCES:
        raise ConfigError(f"the source of feedback is {source!r}; give one of {', '.join(SOURCES)}")
    if scores is None and expected is None and tags is None and comment is None:
        raise ConfigError("feedback has nothing in it; give scores, expected, tags or a comment")
    audit = {"_audit_source": to_json(source), "_audit_metadata": to_json(feedback.get("metadata") or {})}
    if scores is not None:
        yield "scores", to_json(checked_scores(scores), redact=False)
    if expected is not None:
        yield "expected", to_json(expected, max_bytes=int(attribute_budget()))
    if tags is not None:
        yield "tags", to_json(as_tags(tags))
    if comment is not None:
        said: dict[str, Any] = {
            "id": str(uuid.uuid4()),
            "created": _now(),
            "comment": {"text": as_text(comment)},
        }
        about: dict[str, Any] = {"_audit_source": source, "_audit_metadata": feedback.get("metadata") or {}}
        yield "comments", to_json([{**said, **about}])
    yield from audit.items()


def span_number(row_id: str) -> int:
    """The number of the span that has the row; made of any other id in a way that is always the same.

    Raises ConfigError for what is no id.
    """
    if not isinstance(row_id, str) or not row_id:  # pyright: ignore[reportUnnecessaryIsInstance] - programs may
        raise ConfigError(f"the id of a row is {row_id!r}; give what log() has returned, or Span.id")
    if _SPAN_ID.fullmatch(row_id) and int(row_id, 16):
        return int(row_id, 16)
    return (
        int.from_bytes(hashlib.blake2b(row_id.encode("utf-8", "replace"), digest_size=8).digest(), "big") or 1
    )


def _now() -> str:
    return datetime.now(timezone.utc).isoformat()
